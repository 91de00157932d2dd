import { FLAG } from '../../domain/flag.js'
import type { SeriesId } from '../../domain/observation.js'
import { flagOfWeight } from '../../domain/qc/worst-flag.js'
import type { Window } from '../../domain/time.js'
import { DAY_MS } from '../../domain/time.js'
import type { DayCoverage } from '../../ports/series-store.js'
import type { BucketCount } from './buckets.js'
import { bucketed } from './buckets.js'
import type { InfluxServer } from './server.js'

/** Observations of a day by flag. */
const DAY: BucketCount<Map<number, number>> = {
  select: 'count("flag"), min("weight"), max("weight")',
  empty: () => new Map(),
  // The rule is a day of one flag; a mixed one is counted point by point.
  answered: ([count = 0, best = 0, worst = 0]) =>
    best === worst ? new Map([[flagOfWeight(worst), count]]) : null,
  observe: (tally, { flag }) => {
    tally.set(flag, (tally.get(flag) ?? 0) + 1)
  },
}

/** `coverage` of the port. */
export async function dayCoverage(
  server: InfluxServer,
  series: readonly SeriesId[],
  window: Window,
  dayOffsetMs: number,
): Promise<readonly DayCoverage[]> {
  const grid = { window, anchorMs: dayOffsetMs, lengthMs: DAY_MS }
  const answers = await bucketed(server, series, grid, DAY)
  return series.flatMap((id) =>
    [...(answers.get(id) ?? new Map<number, Map<number, number>>())]
      .sort(([a], [b]) => a - b)
      .map(([dayStartMs, counts]) => ({
        series: id,
        dayStartMs,
        good: counts.get(FLAG.good) ?? 0,
        notEvaluated: counts.get(FLAG.notEvaluated) ?? 0,
        suspect: counts.get(FLAG.suspect) ?? 0,
        fail: counts.get(FLAG.fail) ?? 0,
        missing: counts.get(FLAG.missing) ?? 0,
      })),
  )
}
