import { useEffect } from 'preact/hooks'
import { useLocale } from '../../i18n/locale.js'
import type { Assessment } from '../../state/assessment.js'
import { PageFoot } from '../page-foot.js'
import { AssessmentControls } from './assessment-controls.js'
import { AssessmentProgress } from './assessment-progress.js'
import { ChangeCard } from './change-card.js'
import { DocumentHead } from './document-head.js'
import { ItemDetail } from './item-detail.js'
import { ItemList } from './item-list.js'
import { KeptCard } from './kept-card.js'
import { ScoreCard } from './score-card.js'
import { ZoneCard } from './zone-card.js'

/** The page of an evaluator: what was asked, what came out, and what every verdict rests on. */
export function AssessmentView({ assessment }: { readonly assessment: Assessment }) {
  const words = useLocale()
  const shown = assessment.shown.value
  const item = shown?.document.items.find(({ id }) => id === assessment.itemId.value) ?? null
  const isIdle = assessment.running.value === null && assessment.fault.value === null

  useEffect(() => assessment.resume(), [assessment])

  return (
    <>
      <main id="main" tabIndex={-1}>
        <AssessmentControls assessment={assessment} />
        <AssessmentProgress assessment={assessment} />
        {shown === null
          ? isIdle && <p class="card empty assess-begin">{words.t('assess.begin')}</p>
          : [
              <DocumentHead key="head" shown={shown} />,
              shown.origin.kind === 'kept' && (
                <ChangeCard
                  key="changes"
                  assessment={assessment}
                  shown={shown}
                  keptId={shown.origin.id}
                />
              ),
              <div key="sums" class="assess-sums">
                <ScoreCard assessment={assessment} shown={shown} />
                <ZoneCard assessment={assessment} shown={shown} />
              </div>,
              <div key="items" class={`assess-items ${item === null ? '' : 'assess-items-open'}`}>
                <ItemList assessment={assessment} shown={shown} />
                {item !== null && (
                  <ItemDetail key={item.id} assessment={assessment} shown={shown} item={item} />
                )}
              </div>,
            ]}
        <KeptCard assessment={assessment} />
      </main>
      <PageFoot registry={shown?.document.registry ?? assessment.city.registry.sha256} />
    </>
  )
}
