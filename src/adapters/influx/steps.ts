import { FLAG } from '../../domain/flag.js'
import type { SeriesId } from '../../domain/observation.js'
import { flagOfWeight, worstFlag } from '../../domain/qc/worst-flag.js'
import type { Window } from '../../domain/time.js'
import type { StepColumns } from '../../ports/series-store.js'
import type { BucketCount } from './buckets.js'
import { bucketed } from './buckets.js'
import type { ExactSum } from './exact-sum.js'
import { billionths, exactSum } from './exact-sum.js'
import type { InfluxServer } from './server.js'

interface StepTally {
  count: number
  readonly sum: ExactSum
  minimum: number
  maximum: number
  flag: number
}

const STEP: BucketCount<StepTally> = {
  select: 'count("value"), sum("nano"), min("value"), max("value"), max("weight")',
  empty: () => ({
    count: 0,
    sum: exactSum(),
    minimum: Number.NaN,
    maximum: Number.NaN,
    flag: FLAG.missing,
  }),
  answered: ([count = 0, sum = 0, minimum = Number.NaN, maximum = Number.NaN, weight = 0]) => {
    const flag = flagOfWeight(weight)
    // The engine has counted failed values, too.
    if (flag === FLAG.fail) return null
    if (Number.isNaN(count) || count === 0) return { ...STEP.empty(), flag }
    // The engine adds doubles in an order of its own. Whole billionths add up exactly in any order
    // as long as no partial sum can leave ±2^53; then, too, every value has its billionths stored.
    const largest = Math.max(Math.abs(billionths(minimum)), Math.abs(billionths(maximum)))
    if (!(count * largest <= Number.MAX_SAFE_INTEGER)) return null
    const exact = exactSum()
    exact.add(sum)
    return { count, sum: exact, minimum, maximum, flag }
  },
  observe: (tally, { value, flag }) => {
    tally.flag = worstFlag(tally.flag, flag)
    if (flag === FLAG.fail || flag === FLAG.missing) return
    tally.count += 1
    tally.sum.add(billionths(value))
    tally.minimum = tally.minimum <= value ? tally.minimum : value
    tally.maximum = tally.maximum >= value ? tally.maximum : value
  },
}

/** `aggregate` of the port. */
export async function stepColumns(
  server: InfluxServer,
  series: readonly SeriesId[],
  window: Window,
  stepMs: number,
): Promise<readonly StepColumns[]> {
  const grid = { window, anchorMs: window.fromMs, lengthMs: stepMs }
  const answers = await bucketed(server, series, grid, STEP)
  return series.map((id) => columns(id, answers.get(id) ?? new Map()))
}

function columns(series: SeriesId, tallies: ReadonlyMap<number, StepTally>): StepColumns {
  const steps = [...tallies].sort(([a], [b]) => a - b)
  return {
    series,
    fromMs: Float64Array.from(steps, ([fromMs]) => fromMs),
    counts: Uint32Array.from(steps, ([, tally]) => tally.count),
    sums: Float64Array.from(steps, ([, tally]) => tally.sum.value()),
    minima: Float64Array.from(steps, ([, tally]) => tally.minimum),
    maxima: Float64Array.from(steps, ([, tally]) => tally.maximum),
    flags: Uint8Array.from(steps, ([, tally]) => tally.flag),
  }
}
