import { Fragment } from 'preact'
import type { ParameterDescription } from '../api/assessment-contract.js'
import type { IndicatorResult } from '../api/contract.js'
import { useLocale, type Locale } from '../i18n/locale.js'
import { Coverage } from '../parts/coverage.js'
import { Table } from '../parts/table.js'
import { Verdict } from '../parts/verdict.js'

/** What a result rests on, piece by piece, for a card and for a whole page of it. */

/** A share is said in per cent, everything else in its unit. */
export function valueText(value: number | null, unit: string, words: Locale): string {
  if (unit === '1') return words.percent(value, 1)
  return words.quantity(value, unit, value !== null && Math.abs(value) >= 100 ? 0 : 2)
}

export function ResultCoverage({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const { coverage } = result
  if (coverage === null) return <p class="muted">{words.t('indicator.coverageUnknown')}</p>
  return <Coverage share={coverage.share} basis={coverage.basis} />
}

/** Interval, value without suspect observations, window and parts. */
export function ResultFacts({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const { uncertainty, withoutSuspect } = result
  return (
    <dl class="facts">
      {uncertainty !== null && (
        <>
          <dt>{words.t('indicator.intervalHead')}</dt>
          <dd>
            {words.t('indicator.interval', {
              lower: valueText(uncertainty.lower, result.unit, words),
              upper: valueText(uncertainty.upper, result.unit, words),
              confidence: words.percent(uncertainty.confidence),
            })}
            <details class="interval-method">
              <summary>{words.t('indicator.intervalMethod')}</summary>
              <p class="rule">{words.text(uncertainty.method)}</p>
            </details>
          </dd>
        </>
      )}
      {withoutSuspect !== null && (
        <>
          <dt>{words.t('indicator.withoutSuspect')}</dt>
          <dd>
            {valueText(withoutSuspect.value, result.unit, words)}{' '}
            <Verdict code={withoutSuspect.verdict} />
          </dd>
        </>
      )}
      <dt>{words.t('indicator.window')}</dt>
      <dd>
        {words.t('window.shown', {
          from: words.fullTime(result.window.fromMs),
          to: words.fullTime(result.window.toMs),
        })}
      </dd>
      {result.parts.map((part) => (
        <Fragment key={part.name}>
          <dt>{words.maybe(`part.${part.name}`, part.name)}</dt>
          <dd>
            {valueText(part.value, part.unit, words)}
            {part.members.length > 0 && <span class="sub">{part.members.join(', ')}</span>}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}

export function ResultClauses({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  return (
    <ul class="notes">
      {result.clause.map((clause) => (
        <li key={clause.en}>{words.text(clause)}</li>
      ))}
    </ul>
  )
}

export function ResultNotes({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  return (
    <ul class="notes">
      {result.notes.map((note, i) => (
        <li key={`${note.code}-${i}`}>{words.text(note.text)}</li>
      ))}
    </ul>
  )
}

export function InputTable({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  return (
    <Table
      caption={words.t('indicator.inputs', { n: result.inputs.length })}
      rows={result.inputs}
      rowKey={(input) => `${input.role} ${input.series} ${input.fromMs}`}
      empty="—"
      columns={[
        {
          key: 'series',
          head: words.t('input.series'),
          cell: (input) => <code>{input.series}</code>,
          rowHead: true,
        },
        {
          key: 'role',
          head: words.t('input.role'),
          cell: (input) => words.maybe(`role.${input.role}`, input.role),
        },
        {
          key: 'count',
          head: words.t('input.count'),
          cell: (input) => words.number(input.count, 0),
          align: 'end',
        },
        {
          key: 'window',
          head: words.t('input.window'),
          cell: (input) =>
            words.t('window.shown', {
              from: words.fullTime(input.fromMs),
              to: words.fullTime(input.toMs),
            }),
        },
        {
          key: 'hash',
          head: words.t('input.hash'),
          cell: (input) => <code class="hash">{input.sha256}</code>,
        },
      ]}
    />
  )
}

export interface ParameterTableProps {
  readonly parameters: IndicatorResult['parameters']
  /** What the API says of the parameters; without it names and values stand alone. */
  readonly described?: readonly ParameterDescription[] | undefined
}

export function ParameterTable({ parameters, described }: ParameterTableProps) {
  const words = useLocale()
  const known = (name: string) => described?.find((parameter) => parameter.name === name)
  return (
    <Table
      caption={words.t('indicator.parameters')}
      rows={Object.entries(parameters)}
      rowKey={([name]) => name}
      empty="—"
      columns={[
        {
          key: 'name',
          head: words.t('parameter.name'),
          cell: ([name]) => <code>{name}</code>,
          rowHead: true,
        },
        {
          key: 'value',
          head: words.t('parameter.value'),
          cell: ([name, value]) =>
            typeof value === 'number' || value === null
              ? words.quantity(value, known(name)?.unit ?? '', 6)
              : words.maybe(`cell.${String(value)}`, String(value)),
          align: 'end',
        },
        ...(described === undefined
          ? []
          : [
              {
                key: 'meaning',
                head: words.t('parameter.meaning'),
                cell: ([name]: readonly [string, unknown]) => {
                  const description = known(name)?.description
                  return description === undefined ? (
                    '—'
                  ) : (
                    <span class="sub wide">{words.text(description)}</span>
                  )
                },
              },
            ]),
      ]}
    />
  )
}
