/** For each row, what the window of time that ends at it holds. */
export interface TrailingWindows {
  /** Index of the first row in the window, missing or not. */
  readonly firstRow: Uint32Array
  /** Values in the window that are not missing. */
  readonly present: Uint32Array
  /** Greatest minus least of them; NaN where all are missing. */
  readonly range: Float64Array
}

/**
 * Looks back from each row over the rows up to `windowMs` older, in one pass (a queue each for the
 * candidates of the least and the greatest value).
 *
 * @param atMs ascending
 * @param oldEnd whether a row exactly `windowMs` older belongs to the window
 */
export function trailingWindows(
  atMs: Float64Array,
  values: Float64Array,
  windowMs: number,
  oldEnd: 'included' | 'excluded',
): TrailingWindows {
  const firstRow = new Uint32Array(values.length)
  const present = new Uint32Array(values.length)
  const range = new Float64Array(values.length).fill(Number.NaN)
  const least = candidates(values, (newer, older) => newer <= older)
  const greatest = candidates(values, (newer, older) => newer >= older)
  let first = 0
  let count = 0
  for (const [row, value] of values.entries()) {
    if (!Number.isNaN(value)) {
      count++
      least.push(row)
      greatest.push(row)
    }
    while (isTooOld((atMs[row] ?? 0) - (atMs[first] ?? 0), windowMs, oldEnd)) {
      if (!Number.isNaN(values[first] ?? Number.NaN)) count--
      first++
    }
    firstRow[row] = first
    present[row] = count
    if (count > 0) range[row] = greatest.best(first) - least.best(first)
  }
  return { firstRow, present, range }
}

function isTooOld(ageMs: number, windowMs: number, oldEnd: 'included' | 'excluded'): boolean {
  return oldEnd === 'included' ? ageMs > windowMs : ageMs >= windowMs && ageMs > 0
}

/** Rows that may still become the best of a window: each beaten by none that is newer. */
function candidates(
  values: Float64Array,
  beats: (newer: number, older: number) => boolean,
): { push(row: number): void; best(firstRow: number): number } {
  const rows = new Uint32Array(values.length)
  let head = 0
  let tail = 0
  const valueOf = (position: number): number => values[rows[position] ?? 0] ?? Number.NaN
  return {
    push(row) {
      while (tail > head && beats(values[row] ?? Number.NaN, valueOf(tail - 1))) tail--
      rows[tail++] = row
    },
    best(firstRow) {
      while (head < tail && (rows[head] ?? 0) < firstRow) head++
      return valueOf(head)
    },
  }
}
