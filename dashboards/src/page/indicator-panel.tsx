import { Fragment } from 'preact'
import type { IndicatorResult } from '../api/contract.js'
import { useLocale, type Locale } from '../i18n/locale.js'
import { Coverage } from '../parts/coverage.js'
import { Table } from '../parts/table.js'
import { Verdict } from '../parts/verdict.js'

/** One indicator's answer with everything needed to believe or to doubt it. */
export function IndicatorPanel({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const { coverage, uncertainty, withoutSuspect } = result
  return (
    <div class="indicator" data-indicator={result.indicator}>
      <div class="indicator-value">
        <p class="figure">{valueText(result.value, result.unit, words)}</p>
        <Verdict code={result.verdict} />
      </div>
      <p class="indicator-reason">{words.text(result.reason)}</p>
      {coverage === null ? (
        <p class="muted">{words.t('indicator.coverageUnknown')}</p>
      ) : (
        <Coverage share={coverage.share} basis={coverage.basis} />
      )}
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
              <span class="sub">{words.text(uncertainty.method)}</span>
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
            from: words.dateTime(result.window.fromMs),
            to: words.dateTime(result.window.toMs),
          })}
        </dd>
        {result.parts.map((part) => (
          <Fragment key={part.name}>
            <dt>{words.maybe(`part.${part.name}`, part.name)}</dt>
            <dd title={part.members.join(', ')}>{valueText(part.value, part.unit, words)}</dd>
          </Fragment>
        ))}
      </dl>
      <details>
        <summary>{words.t('indicator.formula')}</summary>
        <p class="rule">{words.text(result.formula)}</p>
      </details>
      <details>
        <summary>
          {words.t('indicator.clause')} ({result.clause.length})
        </summary>
        <ul class="notes">
          {result.clause.map((clause) => (
            <li key={clause.en}>{words.text(clause)}</li>
          ))}
        </ul>
      </details>
      {result.notes.length > 0 && (
        <details>
          <summary>
            {words.t('indicator.notes')} ({result.notes.length})
          </summary>
          <ul class="notes">
            {result.notes.map((note, i) => (
              <li key={`${note.code}-${i}`}>{words.text(note.text)}</li>
            ))}
          </ul>
        </details>
      )}
      <Inputs result={result} />
      <p class="fine">
        {words.t('indicator.version', { id: result.indicator, version: result.version })}
      </p>
    </div>
  )
}

function Inputs({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const parameters = Object.entries(result.parameters)
  return (
    <details>
      <summary>{words.t('indicator.inputs', { n: result.inputs.length })}</summary>
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
                from: words.dateTime(input.fromMs),
                to: words.dateTime(input.toMs),
              }),
          },
          {
            key: 'hash',
            head: words.t('input.hash'),
            cell: (input) => <code class="hash">{input.sha256}</code>,
          },
        ]}
      />
      {parameters.length > 0 && (
        <Table
          caption={words.t('indicator.parameters')}
          rows={parameters}
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
              cell: ([, value]) =>
                typeof value === 'number' || value === null
                  ? words.number(value, 6)
                  : String(value),
              align: 'end',
            },
          ]}
        />
      )}
    </details>
  )
}

/** A share is said in per cent, everything else in its unit. */
export function valueText(value: number | null, unit: string, words: Locale): string {
  if (unit === '1') return words.percent(value, 1)
  return words.quantity(value, unit, value !== null && Math.abs(value) >= 100 ? 0 : 2)
}
