/** A half-open span of time, [fromMs, toMs), in UTC epoch milliseconds; fromMs <= toMs. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** Start of the UTC hour that contains an instant; the unit of the books, which are kept per device and hour. */
export function hourStartMs(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS
}

/** Start of the UTC day that contains an instant. */
export function dayStartMs(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS
}
