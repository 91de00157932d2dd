import { OUTCOME } from '../domain/observation.js'
import type { RefusalCode } from '../domain/fault.js'
import { DAY_MS } from '../domain/time.js'
import type { JournalEntry } from '../ports/journal.js'
import type { Ledger } from '../ports/ledger.js'
import type { SeriesStore, SeriesWindow } from '../ports/series-store.js'
import type { AffectedDays } from './affected-days.js'
import type { PartProjection } from './journal-survey.js'
import { ObservationBuilder } from './observation-builder.js'
import { project } from './projection.js'

const ROWS_PER_BATCH = 100_000

export interface ProjectedAgain {
  readonly entries: number
  readonly inserted: number
  readonly duplicate: number
  readonly revised: number
  readonly refusals: ReadonlyMap<RefusalCode, number>
}

/**
 * Projects entries whose effects have been taken back from the store, and judges again all that
 * stands in the time they speak of.
 *
 * @param chosen ascending
 */
export async function projectAgain(
  store: SeriesStore,
  ledger: Ledger,
  { rules, version, projecting }: PartProjection,
  chosen: AsyncIterable<readonly JournalEntry[]>,
  affected: ReadonlyMap<string, AffectedDays>,
  onProgress: (done: number) => void,
): Promise<ProjectedAgain> {
  const judges = rules.judging(version, await ledger.marks())
  const counts = { entries: 0, inserted: 0, duplicate: 0, revised: 0 }
  const refusals = new Map<RefusalCode, number>()
  for await (const entries of chosen) {
    let rest = entries
    while (rest.length > 0) {
      const { batch, taken } = project(rest, projecting, ROWS_PER_BATCH)
      // These stand in the store: they were not taken back.
      const standing = { marks: [], laboratory: [], assessments: [] }
      const outcomes = await store.append({ ...batch, ...standing, judges })
      for (const outcome of outcomes) {
        if (outcome === OUTCOME.inserted) counts.inserted++
        else if (outcome === OUTCOME.duplicate) counts.duplicate++
        else if (outcome === OUTCOME.revised) counts.revised++
      }
      for (const { code } of batch.refusals) refusals.set(code, (refusals.get(code) ?? 0) + 1)
      counts.entries += taken
      onProgress(counts.entries)
      rest = rest.slice(taken)
    }
  }
  // What is refused now may have been a neighbour before.
  for (const touched of touchedDays(affected, version.index.sensors)) {
    const observations = new ObservationBuilder().columns()
    await store.append({ entries: [], observations, refusals: [], judges, touched })
  }
  return { ...counts, refusals }
}

/** The affected time of every sensor of the devices, a day at once, so that memory stays bounded. */
function* touchedDays(
  affected: ReadonlyMap<string, AffectedDays>,
  sensors: PartProjection['version']['index']['sensors'],
): Generator<readonly SeriesWindow[]> {
  for (const [device, { firstMs, lastMs }] of affected) {
    const own = [...sensors.values()].filter((placed) => placed.device.id === device)
    if (own.length === 0) continue
    for (let fromMs = firstMs; fromMs <= lastMs; fromMs += DAY_MS) {
      const toMs = Math.min(fromMs + DAY_MS, lastMs + 1)
      yield own.map(({ sensor }) => ({ series: sensor.id, fromMs, toMs }))
    }
  }
}
