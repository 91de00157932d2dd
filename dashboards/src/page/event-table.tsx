import type { IndicatorResult, RainEvent } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import { FlagMark } from '../parts/flag.js'
import { Table } from '../parts/table.js'
import type { Storm } from '../state/storm.js'
import { gaugeName } from './controls.js'

/** Time shown before and after an event when the reader looks at it: the flow comes later than the rain. */
const BEFORE_MS = 3_600_000
const AFTER_MS = 4 * 3_600_000

/** An event of the gauge beside what the outfall's indicators say of the same storm. */
interface EventRow extends RainEvent, EventRunoff {}

interface EventRunoff {
  readonly volumeM3: number | null
  readonly coefficient: number | null
  readonly controlRatio: number | null
  /** `used`, or why the event does not stand in the sums; null when the indicator does not know it. */
  readonly use: string | null
}

/** The window's rain events, newest first, with the runoff that each caused. */
export function EventTable({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const outfall = storm.outfall.value
  const answer = storm.runoff.state.value.data
  const runoff = answer?.subject.id === outfall?.id ? answer : null
  const gauge = storm.gaugeId.value
  const gaugeText = gauge === null ? '—' : gaugeName(storm, gauge, words.lang)
  const rows = (events: readonly RainEvent[]): EventRow[] =>
    events.toReversed().map((event) => ({
      ...event,
      ...runoffOf(runoff, event),
    }))
  return (
    <Card
      id="events"
      title={words.t('events.title')}
      aside={<span class="muted">{gaugeText}</span>}
    >
      <Answer of={storm.events} lines="many">
        {(events) => (
          <Table
            caption={words.t('events.caption', {
              gauge: gaugeText,
              outfall: outfall === null ? '—' : words.text(outfall.name),
            })}
            rows={rows(events)}
            rowKey={({ fromMs }) => fromMs}
            empty={words.t('events.empty')}
            height="bounded"
            columns={[
              {
                key: 'start',
                head: words.t('events.start'),
                cell: (event) => (
                  <button
                    type="button"
                    class="link"
                    title={words.t('events.show')}
                    onClick={() => {
                      storm.chosen.value = {
                        kind: 'between',
                        fromMs: event.fromMs - BEFORE_MS,
                        toMs: event.toMs + AFTER_MS,
                      }
                    }}
                  >
                    {words.dateTime(event.fromMs)}
                  </button>
                ),
                sortBy: ({ fromMs }) => fromMs,
                rowHead: true,
              },
              {
                key: 'end',
                head: words.t('events.end'),
                cell: (event) => words.dateTime(event.toMs),
                sortBy: ({ toMs }) => toMs,
              },
              {
                key: 'depth',
                head: `${words.t('events.depth')} (mm)`,
                cell: (event) => (
                  <span class="cell-value">
                    {event.worstFlag >= 3 && <FlagMark flag={event.worstFlag} />}
                    {words.number(event.depthMm)}
                  </span>
                ),
                sortBy: ({ depthMm }) => depthMm,
                align: 'end',
              },
              {
                key: 'duration',
                head: words.t('events.duration'),
                cell: (event) => words.duration(event.durationMs),
                sortBy: ({ durationMs }) => durationMs,
                align: 'end',
              },
              {
                key: 'max5',
                head: `${words.t('events.max5')} (mm/h)`,
                cell: (event) => words.number(event.peak5MmH),
                sortBy: ({ peak5MmH }) => peak5MmH,
                align: 'end',
              },
              {
                key: 'max60',
                head: `${words.t('events.max60')} (mm/h)`,
                cell: (event) => words.number(event.peak60MmH),
                sortBy: ({ peak60MmH }) => peak60MmH,
                align: 'end',
              },
              {
                key: 'runoff',
                head: `${words.t('events.runoff')} (m³)`,
                cell: (event) => (
                  <>
                    {words.number(event.volumeM3, 0)}
                    {event.use !== null && event.use !== 'used' && (
                      <span class="sub">{words.maybe(`cell.${event.use}`, event.use)}</span>
                    )}
                  </>
                ),
                sortBy: ({ volumeM3 }) => volumeM3,
                align: 'end',
              },
              {
                key: 'coefficient',
                head: words.t('events.coefficient'),
                cell: (event) => words.number(event.coefficient, 2),
                sortBy: ({ coefficient }) => coefficient,
                align: 'end',
              },
              {
                key: 'control',
                head: words.t('events.control'),
                cell: (event) => words.percent(event.controlRatio, 1),
                sortBy: ({ controlRatio }) => controlRatio,
                align: 'end',
              },
              {
                key: 'coverage',
                head: words.t('chart.coverageHead'),
                cell: (event) => words.percent(event.coverage),
                sortBy: ({ coverage }) => coverage,
                align: 'end',
              },
            ]}
          />
        )}
      </Answer>
    </Card>
  )
}

/**
 * What the indicator says of the storm of an event. The gauge's event and the indicator's
 * (areal rain of the catchment) need not start in the same minute, so they are paired when they overlap.
 */
function runoffOf(result: IndicatorResult | null, event: RainEvent): EventRunoff {
  const row = result?.table.find(
    (candidate) =>
      Number(candidate['fromMs']) < event.toMs && event.fromMs < Number(candidate['toMs']),
  )
  const number = (column: string): number | null => {
    const cell = row?.[column]
    return typeof cell === 'number' ? cell : null
  }
  const use = row?.['use']
  return {
    volumeM3: number('volumeM3'),
    coefficient: number('runoffCoefficient'),
    controlRatio: number('controlRatio'),
    use: typeof use === 'string' ? use : null,
  }
}
