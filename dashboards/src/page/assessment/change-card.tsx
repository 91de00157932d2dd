import type { Change, KeptVersion } from '../../api/assessment-contract.js'
import type { VerdictCode } from '../../api/contract.js'
import { useLocale, type Locale } from '../../i18n/locale.js'
import { Answer } from '../../parts/answer.js'
import { Card } from '../../parts/card.js'
import { SelectField } from '../../parts/field.js'
import { Table } from '../../parts/table.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment, Shown } from '../../state/assessment.js'
import { valueText } from '../result-evidence.js'
import { ItemLink } from './item-link.js'
import { schemeName, windowText } from './kept-card.js'
import { subjectName } from './subject-name.js'

export interface ChangeCardProps {
  readonly assessment: Assessment
  readonly shown: Shown
  /** The kept assessment that is shown. */
  readonly keptId: number
}

/** What a kept assessment changed since another kept one, as the API tells it. */
export function ChangeCard({ assessment, shown, keptId }: ChangeCardProps) {
  const words = useLocale()
  const items = assessment.keptList.state.value.data?.items ?? []
  const others = items.filter(({ id }) => id !== keptId)
  const since = assessment.sinceId.value
  return (
    <Card id="changes" title={words.t('change.title')}>
      {others.length === 0 ? (
        <p class="empty">{words.t('change.alone')}</p>
      ) : (
        <>
          <SelectField
            label={words.t('change.since')}
            value={since === null ? null : String(since)}
            options={[
              ...(since === null ? [{ value: '', label: words.t('change.choose') }] : []),
              ...others.map((version) => ({
                value: String(version.id),
                label: versionText(assessment, version, words),
              })),
            ]}
            onChoose={(id) => assessment.compareWith(Number(id))}
          />
          <Answer of={assessment.changes}>
            {(found) =>
              found === null || found.after !== keptId || found.before !== since ? null : (
                <Table
                  caption={words.t('change.title')}
                  rows={found.changes.map((change, i) => ({ ...change, i }))}
                  rowKey={({ i }) => i}
                  empty={words.t('change.none')}
                  height="bounded"
                  columns={[
                    {
                      key: 'what',
                      head: words.t('change.what'),
                      cell: ({ what }) =>
                        shown.document.items.some(({ id }) => id === what) ? (
                          <ItemLink assessment={assessment} shown={shown} id={what} />
                        ) : (
                          words.maybe(`change.what.${what}`, what)
                        ),
                      rowHead: true,
                    },
                    {
                      key: 'subject',
                      head: words.t('capture.subject'),
                      cell: ({ subject }) =>
                        subject === null ? '—' : subjectName(assessment.city, subject, words),
                    },
                    {
                      key: 'field',
                      head: words.t('change.field'),
                      cell: ({ field }) => words.t(`change.field.${field}`),
                    },
                    {
                      key: 'before',
                      head: words.t('change.before'),
                      cell: (change) => <Side shown={shown} change={change} of={change.before} />,
                    },
                    {
                      key: 'after',
                      head: words.t('change.after'),
                      cell: (change) => <Side shown={shown} change={change} of={change.after} />,
                    },
                  ]}
                />
              )
            }
          </Answer>
        </>
      )}
    </Card>
  )
}

interface SideProps {
  readonly shown: Shown
  readonly change: Change
  readonly of: Change['before']
}

/** One side of a change, as what it is: a verdict, a value in its unit, or the text of the API. */
function Side({ shown, change, of }: SideProps) {
  const words = useLocale()
  if (of === null) return <>—</>
  if (change.field === 'verdict') return <Verdict code={of as VerdictCode} />
  if (typeof of === 'number') {
    const unit = shown.document.items.find(({ id }) => id === change.what)?.unit ?? ''
    return <>{valueText(of, unit, words)}</>
  }
  if (change.field === 'presence') return <>{words.t('change.there')}</>
  return <span class="sub wide change-text">{of}</span>
}

function versionText(assessment: Assessment, version: KeptVersion, words: Locale): string {
  return [
    schemeName(assessment, version.scheme, words),
    windowText(version, words),
    words.t('change.version', { n: version.version }),
    words.fullTime(version.keptMs),
  ].join(' · ')
}
