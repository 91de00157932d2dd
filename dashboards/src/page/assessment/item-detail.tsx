import { useEffect, useRef } from 'preact/hooks'
import type { AssessedItem, Finding } from '../../api/assessment-contract.js'
import { useLocale } from '../../i18n/locale.js'
import { Table } from '../../parts/table.js'
import { Unverified } from '../../parts/unverified.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment } from '../../state/assessment.js'
import { valueText } from '../result-evidence.js'
import { FindingEvidence, findingId, unfold } from './finding-evidence.js'
import type { ItemProps } from './item-props.js'
import { Methods } from './method.js'
import { StatementList } from './statement-list.js'
import { subjectName } from './subject-name.js'

/** More findings than this are opened one by one: a table of storms each would be long to draw. */
const OPEN_AT_MOST = 6

/** One item whole: what is asked, how it is computed, and each finding with all that it rests on. */
export function ItemDetail({ assessment, shown, item }: ItemProps) {
  const words = useLocale()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    showInList(item.id)
    // An answer that arrives while the reader fills in the form leaves him there.
    if (document.activeElement?.closest('form') !== null) return
    heading.current?.focus({ preventScroll: true })
    heading.current?.closest('section')?.scrollIntoView({ block: 'start' })
  }, [])
  const step = shown.document.score?.steps.find((one) => one.item === item.id)
  const backed = item.findings.filter(({ result, figures }) => result !== null || figures !== null)
  return (
    <section class="card item-detail" id="item" aria-labelledby="item-title" data-detail={item.id}>
      <header class="card-head">
        <div>
          <h2 id="item-title" tabIndex={-1} ref={heading}>
            {words.text(item.name)}
          </h2>
          <p class="fine">
            {item.id} · {words.t(`assess.${item.binding}`)} ·{' '}
            {words.t(`assess.level.${item.level}`)} {item.unverified && <Unverified />}
          </p>
        </div>
        <CloseItem assessment={assessment} item={item} />
      </header>
      <div class="card-body item-body">
        <div class="indicator-value">
          <p class="figure">{valueText(item.value, item.unit, words)}</p>
          <Verdict code={item.verdict} />
        </div>
        <p class="indicator-reason">{words.text(item.reason)}</p>
        <dl class="facts">
          <dt>{words.t('assess.requirement')}</dt>
          <dd>{words.text(item.requirement)}</dd>
          <dt>{words.t('indicator.clause')}</dt>
          <dd>{words.text(item.clause)}</dd>
          <dt>{words.t('assess.source')}</dt>
          <dd lang="en">{item.source}</dd>
          {step !== undefined && (
            <>
              <dt>{words.t('assess.points')}</dt>
              <dd>
                {words.t('assess.pointsOf', {
                  points: words.number(step.points, 2),
                  max: words.number(step.max, 2),
                })}
                <span class="sub">{words.text(step.why)}</span>
              </dd>
            </>
          )}
        </dl>
        <StatementList assessment={assessment} shown={shown} item={item} />
        <h3>{words.t('assess.findings', { n: item.findings.length })}</h3>
        <FindingTable assessment={assessment} item={item} />
        <Methods assessment={assessment} item={item} />
        {backed.map((finding) => (
          <FindingEvidence
            key={finding.subject}
            assessment={assessment}
            item={item}
            finding={finding}
            isOpen={backed.length <= OPEN_AT_MOST}
          />
        ))}
        <p class="item-end">
          <CloseItem assessment={assessment} item={item} />
        </p>
      </div>
    </section>
  )
}

/** Brings an item into sight within the list, where that scrolls by itself; the page stays. */
function showInList(id: string): void {
  const entry = document.querySelector(`[data-item="${id}"]`)
  const list = entry?.closest('.card')
  if (entry === null || list === null || list === undefined) return
  const belowTopPx = entry.getBoundingClientRect().top - list.getBoundingClientRect().top
  if (belowTopPx < 0 || belowTopPx > list.clientHeight * 0.9) {
    list.scrollTop += belowTopPx - list.clientHeight / 2
  }
}

/** Back to where the reader came from in the list. */
function CloseItem(props: { readonly assessment: Assessment; readonly item: AssessedItem }) {
  const words = useLocale()
  return (
    <button
      type="button"
      class="button item-close"
      onClick={() => {
        props.assessment.chooseItem(null)
        document.querySelector<HTMLElement>(`[data-item="${props.item.id}"] a`)?.focus()
      }}
    >
      {words.t('assess.close')}
    </button>
  )
}

function FindingTable(props: { readonly assessment: Assessment; readonly item: AssessedItem }) {
  const { assessment, item } = props
  const words = useLocale()
  return (
    <Table<Finding>
      caption={words.t('assess.findings', { n: item.findings.length })}
      rows={item.findings}
      rowKey={({ subject }) => subject}
      empty={words.t('assess.noFindings')}
      columns={[
        {
          key: 'subject',
          head: words.t('capture.subject'),
          cell: ({ subject, result, figures }) => (
            <>
              {result === null && figures === null ? (
                <span class="strong">{subjectName(assessment.city, subject, words)}</span>
              ) : (
                <a class="strong" href={`#${findingId(subject)}`} onClick={() => unfold(subject)}>
                  {subjectName(assessment.city, subject, words)}
                </a>
              )}
              <span class="sub">{subject}</span>
            </>
          ),
          rowHead: true,
        },
        {
          key: 'verdict',
          head: words.t('ponding.verdict'),
          cell: ({ verdict }) => <Verdict code={verdict} />,
        },
        {
          key: 'value',
          head: words.t('indicator.value'),
          cell: ({ value }) => valueText(value, item.unit, words),
          sortBy: ({ value }) => value,
          align: 'end',
        },
        {
          key: 'area',
          head: words.t('assess.area'),
          cell: ({ areaM2 }) => words.quantity(areaM2, 'm2', 0),
          sortBy: ({ areaM2 }) => areaM2,
          align: 'end',
        },
        {
          key: 'reason',
          head: words.t('assess.why'),
          cell: ({ reason }) => <span class="sub wide">{words.text(reason)}</span>,
        },
      ]}
    />
  )
}
