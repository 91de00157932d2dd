import type { SeriesId } from '../../domain/observation.js'
import type { SeriesJudges } from '../../domain/qc/series-judge.js'

/** Which series bear on which flags. */
export interface Watch {
  /** The judged series of which a change in one of these may touch a flag. */
  affectedBy(series: Iterable<SeriesId>): ReadonlySet<SeriesId>
  /** How far back from its newest value a series is looked at; undefined: by nobody. */
  horizonMs(series: SeriesId): number | undefined
}

/** Worked out once per set of judges, that is once per registry version. */
export function watchOver(judges: SeriesJudges): Watch {
  const watchers = new Map<SeriesId, SeriesId[]>()
  const horizons = new Map<SeriesId, number>()
  for (const [series, { context, neighbours }] of judges) {
    for (const looked of [series, ...neighbours]) {
      watchers.set(looked, [...(watchers.get(looked) ?? []), series])
      const horizonMs = context.msBefore + context.msAfter
      horizons.set(looked, Math.max(horizons.get(looked) ?? 0, horizonMs))
    }
  }
  return {
    affectedBy(series) {
      const affected = new Set<SeriesId>()
      for (const id of series) for (const watcher of watchers.get(id) ?? []) affected.add(watcher)
      return affected
    },
    horizonMs: (series) => horizons.get(series),
  }
}
