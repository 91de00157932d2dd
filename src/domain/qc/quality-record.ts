/** The rows of one sensor in time order, with what the tests need to know of it besides. */
export interface QualityRecord {
  /** UTC epoch ms, ascending; a time may occur more than once. */
  readonly atMs: Float64Array
  /** Internal unit of the quantity; NaN where missing. */
  readonly values: Float64Array
  /** Expected step between rows, ms; null where none is expected (reporting on change). */
  readonly intervalMs: number | null
  /** Local minus UTC at an instant, ms: for rules that name days of the year. */
  readonly utcOffsetMs: (atMs: number) => number
  /** Where each value was taken, degrees; NaN where unknown. Left out for sensors that do not move. */
  readonly positions?: Positions
  /** Rain gauges near this one. */
  readonly neighbours?: readonly NeighbourRecord[]
}

/** Longitudes and latitudes, degrees, one pair per row; NaN where unknown. */
export interface Positions {
  readonly lon: Float64Array
  readonly lat: Float64Array
}

/** Increments of another rain gauge, ascending by the end of their span. */
export interface NeighbourRecord {
  readonly atMs: Float64Array
  /** mm within the step that ends at the row's time; NaN where missing. */
  readonly values: Float64Array
  readonly intervalMs: number
}

/**
 * How much of the record around a value decides its flag: rows next to it, and a span of time.
 * A part of the record that holds both gives the value the flag that the whole record gives.
 */
export interface Context {
  readonly rowsBefore: number
  readonly rowsAfter: number
  readonly msBefore: number
  readonly msAfter: number
}

/** Of a test that looks at the value alone. */
export const NO_CONTEXT: Context = { rowsBefore: 0, rowsAfter: 0, msBefore: 0, msAfter: 0 }
