/**
 * Quantile by linear interpolation between order statistics, type 7 of Hyndman & Fan
 * (The American Statistician 50, 1996): position 1 + (n − 1)·p in the ascending sample.
 *
 * @param sample any order; not changed
 * @param p share, 0 to 1
 * @returns the quantile; the value itself for a sample of one; NaN for an empty sample
 */
export function quantile(sample: readonly number[] | Float64Array, p: number): number {
  const ascending = Float64Array.from(sample).sort()
  const position = (ascending.length - 1) * p
  const below = Math.floor(position)
  const low = ascending[below] ?? Number.NaN
  const high = ascending[below + 1] ?? low
  return low + (position - below) * (high - low)
}

/**
 * Median of values that each held for a time: half of the whole time was at or below it. When the
 * half falls exactly between two values it is their mean, so equal times give the plain median.
 *
 * @param values any order, finite
 * @param weights same length, > 0 (e.g. ms); entries with weight 0 do not count
 * @returns NaN when no value has weight
 */
export function weightedMedian(values: readonly number[], weights: readonly number[]): number {
  const order: { readonly value: number; readonly weight: number }[] = []
  let total = 0
  for (const [i, value] of values.entries()) {
    const weight = weights[i] ?? 0
    if (weight <= 0) continue
    order.push({ value, weight })
    total += weight
  }
  order.sort((a, b) => a.value - b.value)
  let passed = 0
  for (const [i, { value, weight }] of order.entries()) {
    passed += weight
    if (passed * 2 > total) return value
    if (passed * 2 === total) return (value + (order[i + 1]?.value ?? value)) / 2
  }
  return Number.NaN
}
