/** The time of day. Handed in everywhere, so that tests decide what time it is. */
export interface Clock {
  /** UTC epoch milliseconds, an integer. */
  nowMs(): number
}
