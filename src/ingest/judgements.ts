import type { CityRegistry } from '../ports/city-registry.js'
import type { EntryDraft, Journal } from '../ports/journal.js'
import type { Judgements } from '../ports/judgements.js'
import { encodeJudgement } from './judgement-entry.js'
import type { ServerClock } from './server-clock.js'

/** Journals what persons say of observations, under the device of the series. */
export function openJudgements(
  journal: Journal,
  registry: CityRegistry,
  clock: ServerClock,
): Judgements {
  async function append(
    kind: 'mark' | 'correction',
    { series, person, reason }: { series: string; person: string; reason: string },
    payload: EntryDraft['payload'],
  ): Promise<number> {
    const placed = registry.current().index.sensors.get(series)
    if (placed === undefined) throw new RangeError(`the registry has no sensor ${series}`)
    return await journal.append({
      kind,
      ...clock.arrival(),
      device: placed.device.id,
      client: person,
      topic: reason,
      qos: 1,
      retain: false,
      dup: false,
      payload,
    })
  }
  return {
    mark: (draft) => {
      const { series, fromMs, toMs, flag } = draft
      return append('mark', draft, encodeJudgement({ series, fromMs, toMs, flag }))
    },
    correct: (draft) => {
      const values = draft.values.map(({ atMs, value }): [number, number | null] => [atMs, value])
      return append('correction', draft, encodeJudgement({ series: draft.series, values }))
    },
  }
}
