/**
 * Current values of one series over a span of time, ascending, every key of the span: what its
 * flags depend on, and what they are.
 */
export interface Stretch {
  /** All keys of the series in [fromMs, toMs] are here; infinite where it has none beyond. */
  readonly fromMs: number
  readonly toMs: number
  readonly atMs: Float64Array
  /** NaN when missing. */
  readonly values: Float64Array
  /** The stored flag; UNSURE where it must be written whatever it is. */
  readonly flags: Uint8Array
  readonly tests: Uint16Array
  /** Which of its key's values the current one is. */
  readonly numbers: Uint32Array
}

/** No flag of QARTOD: differs from every verdict. */
export const UNSURE = 0

/** What a batch makes the current value of a key. */
export interface Change {
  readonly value: number
  readonly number: number
}

/** Changes of one series, ascending by time. */
export interface Changes {
  readonly atMs: readonly number[]
  readonly changes: readonly Change[]
}

export const NO_CHANGES: Changes = { atMs: [], changes: [] }

/** A series without a single key. */
export const NOTHING: Stretch = {
  fromMs: -Infinity,
  toMs: Infinity,
  ...columns(0),
}

/** The stretch as it is once the changes within it have happened; changed keys are unsure. */
export function changed(stretch: Stretch, { atMs, changes }: Changes): Stretch {
  const from = lowerBound(atMs, stretch.fromMs)
  const to = upperBound(atMs, stretch.toMs)
  if (from === to) return stretch
  const most = stretch.atMs.length + (to - from)
  const merged = columns(most)
  let row = 0
  let old = 0
  const keep = (end: number): void => {
    merged.atMs.set(stretch.atMs.subarray(old, end), row)
    merged.values.set(stretch.values.subarray(old, end), row)
    merged.flags.set(stretch.flags.subarray(old, end), row)
    merged.tests.set(stretch.tests.subarray(old, end), row)
    merged.numbers.set(stretch.numbers.subarray(old, end), row)
    row += end - old
    old = end
  }
  for (let index = from; index < to; index++) {
    const at = atMs[index] ?? 0
    const change = changes[index]
    if (old < stretch.atMs.length && (stretch.atMs[old] ?? 0) < at) {
      keep(lowerBound(stretch.atMs, at))
    }
    if (stretch.atMs[old] === at) old++
    merged.atMs[row] = at
    merged.values[row] = change?.value ?? Number.NaN
    merged.flags[row] = UNSURE
    merged.numbers[row] = change?.number ?? 0
    row++
  }
  keep(stretch.atMs.length)
  return part({ ...merged, fromMs: stretch.fromMs, toMs: stretch.toMs }, 0, row)
}

/** The end of a stretch from a row on, as a copy: it must not hold on to what was before. */
export function tailOf(stretch: Stretch, fromRow: number): Stretch {
  if (fromRow <= 0) return stretch
  return {
    fromMs: stretch.atMs[fromRow] ?? stretch.toMs,
    toMs: stretch.toMs,
    atMs: stretch.atMs.slice(fromRow),
    values: stretch.values.slice(fromRow),
    flags: stretch.flags.slice(fromRow),
    tests: stretch.tests.slice(fromRow),
    numbers: stretch.numbers.slice(fromRow),
  }
}

/** Rows [from, to) as views; the span is not narrowed. */
function part(stretch: Stretch, from: number, to: number): Stretch {
  return {
    ...stretch,
    atMs: stretch.atMs.subarray(from, to),
    values: stretch.values.subarray(from, to),
    flags: stretch.flags.subarray(from, to),
    tests: stretch.tests.subarray(from, to),
    numbers: stretch.numbers.subarray(from, to),
  }
}

function columns(rows: number): Omit<Stretch, 'fromMs' | 'toMs'> {
  return {
    atMs: new Float64Array(rows),
    values: new Float64Array(rows),
    flags: new Uint8Array(rows),
    tests: new Uint16Array(rows),
    numbers: new Uint32Array(rows),
  }
}

/** First position whose time is not below; times ascending. */
export function lowerBound(atMs: ArrayLike<number>, boundMs: number): number {
  let low = 0
  let high = atMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((atMs[middle] ?? 0) < boundMs) low = middle + 1
    else high = middle
  }
  return low
}

/** First position whose time is above; times ascending. */
export function upperBound(atMs: ArrayLike<number>, boundMs: number): number {
  let low = 0
  let high = atMs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((atMs[middle] ?? 0) <= boundMs) low = middle + 1
    else high = middle
  }
  return low
}
