/** Numbers that follow each other without a hole, both ends included. */
export interface NumberRun {
  readonly first: number
  readonly last: number
}

/** The numbers of a device's messages that belong to one UTC day. */
export interface NumberedDay {
  /** Start of the day, UTC epoch ms. */
  readonly dayMs: number
  /** Ascending, apart from each other. */
  readonly runs: readonly NumberRun[]
}

/** Messages that were numbered and never came. */
export interface SequenceGap {
  /** The numbers that did come on either side. */
  readonly afterNumber: number
  readonly beforeNumber: number
  readonly missing: number
  /** Day of the number after the gap, UTC epoch ms. */
  readonly dayMs: number
}

export interface SequenceGaps {
  readonly missing: number
  /**
   * How often the device has begun to count anew: it was restarted, or its counter rolled over.
   * Holes too wide to be a loss are counted here.
   */
  readonly restarts: number
  /** Those before a restart first; then by day, then by number. */
  readonly gaps: readonly SequenceGap[]
}

/**
 * Messages; a wider hole is taken for a counter that began anew, not for a loss. Rainledger's own
 * choice: a device that reports every 5 minutes takes 3.5 days to lose as many.
 */
const LARGEST_GAP = 1_000

/** Counters begin with one of these. */
const FIRST_NUMBERS = [0, 1]

/** The runs with further numbers, in any order and any number of times. */
export function withNumbers(
  runs: readonly NumberRun[],
  numbers: readonly number[],
): readonly NumberRun[] {
  const added = numbers.map((number) => ({ first: number, last: number }))
  const merged: { first: number; last: number }[] = []
  for (const { first, last } of [...runs, ...added].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last)
    else merged.push({ first, last })
  }
  return merged
}

/**
 * What a device numbered and never came, over days. A function of the numbers and their days alone:
 * late and doubled messages close gaps, in whatever order they came.
 *
 * A day on which the counter stands at 0 or 1 again divides what was counted before from what was
 * counted after: the day's numbers are parted at their widest hole. Where 0 and 1 were lost, or the
 * days before are not known, the hole between the two counts is no loss if it is wider than 1,000;
 * a narrower one cannot be told from a loss, nor a longer loss from a restart. What was lost just
 * before a restart cannot be seen; and of a device that restarts several times a day only as much as
 * the numbers show together.
 *
 * @param days ascending
 */
export function sequenceGaps(days: readonly NumberedDay[]): SequenceGaps {
  const gaps: SequenceGap[] = []
  let restarts = 0
  let counted: (NumberRun & { readonly dayMs: number })[] = []
  for (const { dayMs, runs } of days) {
    const ofDay = runs.map((run) => ({ ...run, dayMs }))
    if (!isRestart(runs, counted)) {
      counted.push(...ofDay)
      continue
    }
    const widest = afterWidestHole(runs)
    restarts += 1 + takeHoles([...counted, ...ofDay.slice(widest)], gaps)
    counted = ofDay.slice(0, widest)
  }
  restarts += takeHoles(counted, gaps)
  return { missing: gaps.reduce((sum, { missing }) => sum + missing, 0), restarts, gaps }
}

function isRestart(runs: readonly NumberRun[], before: readonly NumberRun[]): boolean {
  const begins = FIRST_NUMBERS.some((number) =>
    runs.some(({ first, last }) => first <= number && number <= last),
  )
  return begins && before.some(({ last }) => !FIRST_NUMBERS.includes(last))
}

/** Position of the run behind the widest hole; all of them when there is none. */
function afterWidestHole(runs: readonly NumberRun[]): number {
  let at = runs.length
  let widest = 0
  for (const [index, { first }] of runs.entries()) {
    const hole = index === 0 ? 0 : first - (runs[index - 1]?.last ?? first) - 1
    if (hole <= widest) continue
    widest = hole
    at = index
  }
  return at
}

/** Adds the holes that are losses to `gaps`; returns how many are too wide to be one. */
function takeHoles(
  counted: readonly (NumberRun & { readonly dayMs: number })[],
  gaps: SequenceGap[],
): number {
  const found: SequenceGap[] = []
  let leaps = 0
  let reached: number | null = null
  for (const { first, last, dayMs } of counted.toSorted((a, b) => a.first - b.first)) {
    const missing = reached === null ? 0 : first - reached - 1
    if (missing > LARGEST_GAP) leaps++
    else if (reached !== null && missing > 0) {
      found.push({ afterNumber: reached, beforeNumber: first, missing, dayMs })
    }
    reached = Math.max(reached ?? last, last)
  }
  gaps.push(...found.sort((a, b) => a.dayMs - b.dayMs || a.afterNumber - b.afterNumber))
  return leaps
}
