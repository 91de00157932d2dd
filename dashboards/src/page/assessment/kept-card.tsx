import type { KeptVersion } from '../../api/assessment-contract.js'
import { useLocale, type Locale } from '../../i18n/locale.js'
import { Answer } from '../../parts/answer.js'
import { Card } from '../../parts/card.js'
import { Table } from '../../parts/table.js'
import { Verdict } from '../../parts/verdict.js'
import type { Assessment } from '../../state/assessment.js'
import { daysOf } from '../../state/days.js'

/** Assessments that were kept, version by version: who kept them, when and why. */
export function KeptCard({ assessment }: { readonly assessment: Assessment }) {
  const words = useLocale()
  const choice = assessment.choice.value
  return (
    <Card id="kept" title={words.t('kept.title')}>
      <Answer of={assessment.keptList}>
        {({ items, missing }) => (
          <>
            {missing.length > 0 && (
              <p class="notice">
                {words.t('kept.missing', { who: missing.map(({ who }) => who).join(', ') })}
              </p>
            )}
            <Table
              caption={words.t('kept.title')}
              rows={items}
              rowKey={({ id }) => id}
              empty={words.t('kept.empty')}
              height="bounded"
              columns={[
                {
                  key: 'what',
                  head: words.t('assess.scheme'),
                  cell: (version) => (
                    <>
                      <button
                        type="button"
                        class="link"
                        aria-current={
                          choice?.kind === 'kept' && choice.id === version.id ? 'true' : undefined
                        }
                        onClick={() => {
                          assessment.ask({ kind: 'kept', id: version.id })
                          scrollTo(0, 0)
                        }}
                      >
                        {schemeName(assessment, version.scheme, words)}
                      </button>
                      <span class="sub">{version.edition}</span>
                    </>
                  ),
                  sortBy: ({ scheme }) => scheme,
                  rowHead: true,
                },
                {
                  key: 'window',
                  head: words.t('window.title'),
                  cell: (version) => windowText(version, words),
                  sortBy: ({ fromMs }) => fromMs,
                },
                {
                  key: 'version',
                  head: words.t('kept.version'),
                  cell: ({ version }) => words.number(version, 0),
                  sortBy: ({ version }) => version,
                  align: 'end',
                },
                {
                  key: 'verdict',
                  head: words.t('assess.overall'),
                  cell: ({ verdict }) => <Verdict code={verdict} />,
                  sortBy: ({ verdict }) => verdict,
                },
                {
                  key: 'score',
                  head: words.t('assess.score'),
                  cell: ({ score }) => words.number(score),
                  sortBy: ({ score }) => score,
                  align: 'end',
                },
                {
                  key: 'kept',
                  head: words.t('kept.when'),
                  cell: ({ keptMs }) => words.fullTime(keptMs),
                  sortBy: ({ keptMs }) => keptMs,
                },
                {
                  key: 'why',
                  head: words.t('kept.why'),
                  cell: ({ person, reason }) => (
                    <span class="sub wide">
                      <strong>{person}</strong> {reason}
                    </span>
                  ),
                },
                {
                  key: 'sha256',
                  head: 'SHA-256',
                  cell: ({ sha256 }) => (
                    <code class="hash" title={sha256}>
                      {sha256.slice(0, 12)}
                    </code>
                  ),
                },
              ]}
            />
          </>
        )}
      </Answer>
    </Card>
  )
}

/** `2026-06-01 to 2026-06-30`, days of the city. */
export function windowText({ fromMs, toMs }: KeptVersion, words: Locale): string {
  const { first, last } = daysOf(words.zone, { fromMs, toMs })
  return words.t('window.shown', { from: first, to: last })
}

/** The scheme's name; its id when the service has it no more. */
export function schemeName(assessment: Assessment, id: string, words: Locale): string {
  const found = assessment.schemes.state.value.data?.find((scheme) => scheme.id === id)
  return found === undefined ? id : words.text(found.name)
}
