import type { Statement } from '../../api/assessment-contract.js'
import { useLocale } from '../../i18n/locale.js'
import { Table } from '../../parts/table.js'
import { Verdict } from '../../parts/verdict.js'
import { valueText } from '../result-evidence.js'
import type { ItemProps } from './item-props.js'
import { subjectName } from './subject-name.js'

/** What people stated of an item, with their evidence; else which evidence it asks for. */
export function StatementList({ assessment, shown, item }: ItemProps) {
  const words = useLocale()
  const proof = assessment.schemes.state.value.data
    ?.find(({ id }) => id === shown.document.scheme.id)
    ?.items.find(({ id }) => id === item.id)?.proof
  const slots = proof?.evidence ?? []
  const slotName = (slot: string): string => {
    const found = slots.find((candidate) => candidate.slot === slot)
    return found === undefined ? slot : words.text(found.name)
  }
  if (item.statements.length === 0) {
    if (slots.length === 0) return null
    return (
      <>
        <h3>{words.t('assess.asked')}</h3>
        <p class="indicator-reason">{words.t('assess.askedHow')}</p>
        <ul class="notes">
          {slots.map(({ slot }) => (
            <li key={slot}>
              {slotName(slot)} <code class="fine">{slot}</code>
            </li>
          ))}
        </ul>
      </>
    )
  }
  return (
    <>
      <h3>{words.t('assess.statements', { n: item.statements.length })}</h3>
      {item.statements.map((statement, i) => (
        <article key={i} class="statement" data-statement={statement.subject ?? ''}>
          <p class="statement-head">
            <strong>{statement.statedBy}</strong>
            {statement.subject !== undefined && (
              <span class="muted">{subjectName(assessment.city, statement.subject, words)}</span>
            )}
            {statement.verdict !== undefined && (
              <span class="stated">
                <span class="muted">{words.t('assess.states')}</span>
                <Verdict code={statement.verdict} />
              </span>
            )}
            {statement.value !== undefined && (
              <span>{valueText(statement.value, item.unit, words)}</span>
            )}
            {statement.points !== undefined && (
              <span class="muted">
                {words.t('assess.selfScore', { n: words.number(statement.points, 2) })}
              </span>
            )}
          </p>
          <p class="rule">{statement.justification}</p>
          {statement.acceptedBy !== undefined && (
            <p class="fine">{words.t('assess.acceptedBy', { who: statement.acceptedBy })}</p>
          )}
          <EvidenceTable statement={statement} slotName={slotName} />
        </article>
      ))}
    </>
  )
}

function EvidenceTable(props: {
  readonly statement: Statement
  readonly slotName: (slot: string) => string
}) {
  const { statement, slotName } = props
  const words = useLocale()
  const rows = statement.evidence.map((evidence, i) => ({ ...evidence, i }))
  return (
    <Table
      caption={words.t('assess.evidence')}
      rows={rows}
      rowKey={({ i }) => i}
      empty={words.t('assess.noEvidence')}
      columns={[
        {
          key: 'slot',
          head: words.t('assess.evidenceSlot'),
          cell: ({ slot }) => slotName(slot),
          rowHead: true,
        },
        {
          key: 'title',
          head: words.t('assess.evidenceTitle'),
          cell: ({ title, number }) => (
            <>
              {title}
              {number !== undefined && <span class="sub">{number}</span>}
            </>
          ),
        },
        {
          key: 'issuer',
          head: words.t('assess.evidenceIssuer'),
          cell: ({ issuer }) => issuer ?? '—',
        },
        { key: 'date', head: words.t('assess.evidenceDate'), cell: ({ date }) => date ?? '—' },
        {
          key: 'hash',
          head: words.t('input.hash'),
          cell: ({ sha256 }) => (sha256 === undefined ? '—' : <code class="hash">{sha256}</code>),
        },
      ]}
    />
  )
}
