import { FLAG } from '../../domain/flag.js'
import type { SeriesId } from '../../domain/observation.js'
import type { Window } from '../../domain/time.js'
import type { StepColumns } from '../../ports/series-store.js'
import type { BucketCount } from './buckets.js'
import { bucketed } from './buckets.js'
import type { ExactSum } from './exact-sum.js'
import { billionths, exactSum } from './exact-sum.js'
import type { InfluxServer } from './server.js'

interface StepTally {
  count: number
  /** Of those, how many the engine could sum. */
  summed: number
  readonly sum: ExactSum
  minimum: number
  maximum: number
  readonly flags: Set<number>
}

/** Flags from best to worst (ports/series-store.ts). */
const FLAGS_FROM_BEST = [FLAG.missing, FLAG.notEvaluated, FLAG.good, FLAG.suspect, FLAG.fail]

/** The first value at a key; keys with further ones are counted from their points. */
const FIRST = `"rev" = '0'`

const STEP: BucketCount<StepTally> = {
  selections: [
    {
      select:
        'count("value"), count("nano"), sum("nano"), min("value"), max("value"), min("flag"), max("flag")',
      where: `${FIRST} AND "flag" < ${FLAG.fail}`,
    },
    { select: 'min("flag"), max("flag")', where: `${FIRST} AND "flag" >= ${FLAG.fail}` },
  ],
  empty: () => ({
    count: 0,
    summed: 0,
    sum: exactSum(),
    minimum: Number.NaN,
    maximum: Number.NaN,
    flags: new Set(),
  }),
  add: (tally, selection, row) => {
    if (selection === 1) {
      for (const flag of row) tally.flags.add(flag)
      return
    }
    const [count = 0, summed = 0, sum = 0, minimum = 0, maximum = 0, ...flags] = row
    tally.count += count
    tally.summed += summed
    if (summed > 0) tally.sum.add(sum)
    widen(tally, minimum, maximum)
    // Of 1, 2 and 3 only 2 can hide between the others, and it is the best of them.
    for (const flag of flags) tally.flags.add(flag)
  },
  observe: (tally, { value, flag }) => {
    tally.flags.add(flag)
    if (flag === FLAG.fail || flag === FLAG.missing) return
    tally.count += 1
    tally.summed += 1
    tally.sum.add(billionths(value))
    widen(tally, value, value)
  },
  // The engine adds doubles in an order of its own. Whole billionths add up exactly in any order
  // as long as no partial sum can leave ±2^53.
  isExact: ({ count, summed, minimum, maximum }) => {
    const largest = Math.max(Math.abs(billionths(minimum)), Math.abs(billionths(maximum)))
    return count === 0 || (summed === count && count * largest <= Number.MAX_SAFE_INTEGER)
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
    flags: Uint8Array.from(steps, ([, tally]) => worst(tally.flags)),
  }
}

function widen(tally: StepTally, minimum: number, maximum: number): void {
  tally.minimum = tally.minimum <= minimum ? tally.minimum : minimum
  tally.maximum = tally.maximum >= maximum ? tally.maximum : maximum
}

function worst(flags: ReadonlySet<number>): number {
  return FLAGS_FROM_BEST.findLast((flag) => flags.has(flag)) ?? FLAG.missing
}
