import type { Signal } from './readings.js'

/** How an accumulating register behaves. */
export interface Counter {
  /** Instants at which it goes back to 0 (daily reset, reboot), UTC epoch ms, ascending. */
  readonly zeroedAtMs: readonly number[]
  /** First amount that it cannot show, in the signal's unit: there it begins at 0 again; null: none. */
  readonly rollOver: number | null
  /** What it shows before the first row. */
  readonly begins: number
}

/**
 * Readings of a counter over increments. A row that ends at the very instant of a reset still shows
 * what was counted before: the register is read, then zeroed.
 *
 * @param increments amount in the step that ends at each instant; ≥ 0
 * @param decimals the register counts in whole units of this place, so that sums stay exact
 */
export function counted(increments: Signal, counter: Counter, decimals: number): Signal {
  const scale = 10 ** decimals
  const most = counter.rollOver === null ? Infinity : Math.round(counter.rollOver * scale)
  let shown = Math.round(counter.begins * scale) % most
  let next = 0
  const value = increments.value.map((amount, row) => {
    while ((counter.zeroedAtMs[next] ?? Infinity) < (increments.atMs[row] ?? 0)) {
      shown = 0
      next++
    }
    shown = (shown + Math.round(amount * scale)) % most
    return shown / scale
  })
  return { atMs: increments.atMs, value }
}
