import { useLocale } from '../../i18n/locale.js'
import { Unverified } from '../../parts/unverified.js'
import { Verdict } from '../../parts/verdict.js'
import type { Shown } from '../../state/assessment.js'
import { daysOf } from '../../state/days.js'

/** The whole in four figures: verdict, points, area, and the document they stand in. */
export function DocumentHead({ shown }: { readonly shown: Shown }) {
  const words = useLocale()
  const { document, sha256 } = shown
  const { scheme, overall, score, scoreLabel, compliance, window } = document
  const { first, last } = daysOf(words.zone, window)
  const name = (id: string): string => {
    const item = document.items.find((candidate) => candidate.id === id)
    return item === undefined ? id : words.text(item.name)
  }
  return (
    <section class="card assess-head" id="assessment" aria-labelledby="assessment-title">
      <header class="card-head">
        <div>
          <h2 id="assessment-title">{words.text(scheme.name)}</h2>
          <p class="fine">
            {[
              scheme.document ?? words.t('assess.noDocument'),
              words.t('assess.edition', { edition: scheme.edition }),
              words.text(scheme.issuedBy),
            ].join(' · ')}
          </p>
        </div>
        <div class="card-aside">
          <p class="assess-window">
            <span class="strong">{words.text(document.city.name)}</span>
            <span class="muted">{words.t('assess.days', { first, last, zone: words.zone })}</span>
          </p>
        </div>
      </header>
      <ul class="assess-tiles">
        <li class="tile" data-tile="overall">
          <h3>{words.t('assess.overall')}</h3>
          <p class="assess-verdict">
            <Verdict code={overall.verdict} />
          </p>
          <p class="tile-facts">{words.text(overall.reason)}</p>
        </li>
        <li class="tile" data-tile="score">
          <h3>{words.t('assess.score')}</h3>
          <p class="tile-value">
            {words.number(score?.score ?? null)}
            {score !== null && <span class="tile-unit"> / 100</span>}
          </p>
          <p class="tile-facts">
            {score === null
              ? words.t('assess.noScore')
              : words.t('assess.reachable', { n: words.number(score.reachable) })}
          </p>
          {scoreLabel !== null && <p class="tile-facts">{words.text(scoreLabel)}</p>}
        </li>
        <li class="tile" data-tile="compliance">
          <h3>{words.t('assess.compliance')}</h3>
          <p class="tile-value">{words.percent(compliance.share, 1)}</p>
          <p class="tile-facts">
            {words.t('assess.reachableShare', {
              share: words.percent(compliance.reachableShare, 1),
            })}
          </p>
          <p class="tile-facts">
            {words.t(compliance.basis === 'catchments' ? 'assess.catchments' : 'assess.builtUp', {
              compliant: words.quantity(compliance.compliantM2, 'm2', 0),
              all: words.quantity(compliance.areaM2, 'm2', 0),
            })}
          </p>
        </li>
        <li class="tile" data-tile="document">
          <h3>{words.t('assess.sha256')}</h3>
          <p>
            <code class="hash assess-hash">{sha256}</code>
          </p>
          <p class="tile-facts">
            <a class="button" href={shown.fileUrl} download={shown.fileName}>
              {words.t('assess.download')}
            </a>
          </p>
        </li>
      </ul>
      {overall.vetoed.length > 0 && (
        <ul class="assess-vetoes">
          {overall.vetoed.map(({ item, reason }) => (
            <li key={item} class="notice notice-fail" data-veto={item}>
              <p>
                <strong>{words.t('assess.veto', { item: name(item) })}</strong> {words.text(reason)}
              </p>
            </li>
          ))}
        </ul>
      )}
      {document.items.some(({ unverified }) => unverified) && (
        <p class="fine assess-fine">
          <Unverified /> {words.t('assess.unverifiedMeans')}
        </p>
      )}
    </section>
  )
}
