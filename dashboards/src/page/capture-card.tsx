import { useLocale } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import { Segmented } from '../parts/segmented.js'
import type { Storm } from '../state/storm.js'
import { IndicatorPanel } from './indicator-panel.js'

/** The measured capture ratio of the chosen outfall, or of its zone. */
export function CaptureCard({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const outfall = storm.outfall.value
  const zone = storm.city.drainageZones.find(({ id }) => id === outfall?.zone)
  const subject = storm.scope.value === 'zone' ? zone : outfall
  return (
    <Card
      id="capture"
      title={words.t('capture.title')}
      aside={
        <Segmented
          label={words.t('capture.subject')}
          value={storm.scope.value}
          options={[
            { value: 'outfall', label: words.t('capture.outfall') },
            { value: 'zone', label: words.t('capture.zone') },
          ]}
          onChoose={(scope) => {
            storm.scope.value = scope
          }}
        />
      }
    >
      <p class="subject">
        {subject === undefined || subject === null ? '—' : words.text(subject.name)}
      </p>
      <Answer of={storm.capture} lines="many">
        {(result) =>
          result === null ? (
            <p class="empty">—</p>
          ) : result.subject.id === subject?.id ? (
            <IndicatorPanel result={result} />
          ) : (
            // The answer for what was chosen before; the new one is on its way.
            <div class="skeleton skeleton-many" />
          )
        }
      </Answer>
    </Card>
  )
}
