import type { SeriesId } from '../domain/observation.js'
import { dayStartMs } from '../domain/time.js'
import type { RegistryVersion } from '../ports/city-registry.js'
import type { Journal, JournalEntry } from '../ports/journal.js'
import { clocklessCopies, noteStretch } from './clockless-copies.js'
import { project, type ProjectionRules } from './projection.js'
import { rulesInForce, type RulesInForce } from './rules-in-force.js'

const READ_ENTRIES = 4_000
const ROWS_AT_ONCE = 100_000

/** A stretch of time, both ends included. */
export interface Extent {
  /** Earliest and latest time of an observation, UTC epoch ms. */
  readonly firstMs: number
  readonly lastMs: number
}

/** Consecutive entries that arrived on one UTC day. */
export interface EntryRun {
  readonly firstSeq: number
  readonly lastSeq: number
  /** Start of the day, UTC epoch ms. */
  readonly dayMs: number
}

/** What was said of which time: by device, start of the UTC day of arrival, and series. */
export type Extents = Map<string, Map<number, Map<SeriesId, Extent>>>

/** Where the entries of a journal lie in time; some bytes per series and day, however many entries. */
export interface JournalSurvey {
  /** Ascending. */
  readonly runs: readonly EntryRun[]
  readonly extents: Extents
}

/** A journal to be projected in part, with the rules that are in force now. */
export interface PartProjection {
  readonly rules: RulesInForce
  readonly version: RegistryVersion
  /** Of the version. */
  readonly projecting: ProjectionRules
}

/** Reads the journal once where the registry has devices without a clock. */
export async function openPartProjection(
  journal: Journal,
  version: RegistryVersion,
  parts: Pick<ProjectionRules, 'models' | 'futureToleranceMs'>,
): Promise<PartProjection> {
  const copies = clocklessCopies()
  const rules = rulesInForce(parts, copies)
  const projecting = rules.projecting(version)
  await noteStretch(copies, journal, 0, projecting.table)
  return { rules, version, projecting }
}

/** Decodes the whole journal and keeps of it where it lies. */
export async function surveyJournal(
  journal: Journal,
  { projecting }: PartProjection,
  onProgress: (done: number) => void,
): Promise<JournalSurvey> {
  const runs: { firstSeq: number; lastSeq: number; dayMs: number }[] = []
  const extents: Extents = new Map()
  for await (const entries of journal.read(1, READ_ENTRIES)) {
    for (const { seq, arrivalMs } of entries) {
      const dayMs = dayStartMs(arrivalMs)
      const run = runs.at(-1)
      if (run?.dayMs === dayMs) run.lastSeq = seq
      else runs.push({ firstSeq: seq, lastSeq: seq, dayMs })
    }
    let rest = entries
    while (rest.length > 0) {
      const { batch, taken } = project(rest, projecting, ROWS_AT_ONCE)
      const { series, seriesIndex, atMs, entryIndex } = batch.observations
      for (const [row, at] of atMs.entries()) {
        const { device = '', arrivalMs = 0 } = rest[entryIndex[row] ?? 0] ?? {}
        const id = series[seriesIndex[row] ?? 0] ?? ''
        widen(extents, device, dayStartMs(arrivalMs), id, { firstMs: at, lastMs: at })
      }
      rest = rest.slice(taken)
    }
    onProgress(entries.at(-1)?.seq ?? 0)
  }
  return { runs, extents }
}

export function widen(
  extents: Extents,
  device: string,
  dayMs: number,
  series: SeriesId,
  by: Extent,
): void {
  let days = extents.get(device)
  if (days === undefined) {
    days = new Map()
    extents.set(device, days)
  }
  let ofSeries = days.get(dayMs)
  if (ofSeries === undefined) {
    ofSeries = new Map()
    days.set(dayMs, ofSeries)
  }
  const known = ofSeries.get(series)
  if (known === undefined) ofSeries.set(series, by)
  else if (by.firstMs < known.firstMs || by.lastMs > known.lastMs) {
    ofSeries.set(series, union(known, by))
  }
}

export function union(a: Extent, b: Extent): Extent {
  return { firstMs: Math.min(a.firstMs, b.firstMs), lastMs: Math.max(a.lastMs, b.lastMs) }
}

/**
 * The entries that the devices sent on the days, in batches, ascending, up to `lastSeq`.
 *
 * @param affected by device
 */
export async function* chosenEntries(
  journal: Journal,
  runs: readonly EntryRun[],
  affected: ReadonlyMap<string, { readonly days: ReadonlySet<number> }>,
  lastSeq: number,
): AsyncGenerator<readonly JournalEntry[]> {
  const days = new Set([...affected.values()].flatMap((one) => [...one.days]))
  for (const run of runs) {
    if (!days.has(run.dayMs)) continue
    const endSeq = Math.min(run.lastSeq, lastSeq)
    if (run.firstSeq > endSeq) return
    for await (const entries of journal.read(run.firstSeq, READ_ENTRIES)) {
      const chosen = entries.filter(
        ({ seq, device }) => seq <= endSeq && affected.get(device)?.days.has(run.dayMs) === true,
      )
      if (chosen.length > 0) yield chosen
      if ((entries.at(-1)?.seq ?? 0) >= endSeq) break
    }
  }
}
