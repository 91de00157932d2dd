import type { IndicatorResult } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import { Verdict } from '../parts/verdict.js'
import type { Storm } from '../state/storm.js'
import { IndicatorPanel } from './indicator-panel.js'

/** Each ponding point: how deep, how long, how fast gone after the rain, and what that means. */
export function PondingCard({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  return (
    <Card id="ponding" title={words.t('ponding.title')}>
      <Answer of={storm.pondingResults} lines="many">
        {(points) =>
          points.length === 0 ? (
            <p class="empty">{words.t('ponding.empty')}</p>
          ) : (
            <ul class="ponding">
              {points.map(({ point, result }) => (
                <li key={point.id} data-point={point.id}>
                  <div class="ponding-head">
                    <h3>{words.text(point.name)}</h3>
                    <Verdict code={result.verdict} />
                  </div>
                  <PondingFacts result={result} />
                  <details>
                    <summary>{words.t('ponding.why')}</summary>
                    <IndicatorPanel result={result} />
                  </details>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Card>
  )
}

function PondingFacts({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const deepest = worst(result)
  return (
    <dl class="figures">
      <div>
        <dt>{words.t('ponding.max')}</dt>
        <dd>{result.value === null ? '—' : `${words.number(result.value / 10)} cm`}</dd>
      </div>
      <div>
        <dt>{words.t('ponding.duration')}</dt>
        <dd>{lengthText(deepest?.['durationMs'], words)}</dd>
      </div>
      <div>
        <dt>{words.t('ponding.recession')}</dt>
        <dd>{lengthText(deepest?.['recessionMs'], words)}</dd>
      </div>
      <div>
        <dt>{words.t('ponding.coverage')}</dt>
        <dd>{words.percent(result.coverage?.share ?? null)}</dd>
      </div>
    </dl>
  )
}

/** The row of the deepest ponding. */
function worst(result: IndicatorResult): IndicatorResult['table'][number] | undefined {
  return result.table.find((row) => row['maxMm'] === result.value) ?? result.table.at(-1)
}

function lengthText(cell: unknown, words: ReturnType<typeof useLocale>): string {
  return typeof cell === 'number' ? words.duration(cell) : '—'
}
