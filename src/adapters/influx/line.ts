import { flagWeight } from '../../domain/qc/worst-flag.js'
import { billionths } from './exact-sum.js'

/** Everything is one measurement: quantity and unit belong to the registry, not to the point. */
export const MEASUREMENT = 'observation'

/** What is written for a row without a rank: line protocol has no infinity, and every point has every field. */
export const NO_RANK = -Number.MAX_VALUE

/** One row as a point. */
export interface PointFields {
  /** NaN when missing. */
  readonly value: number
  readonly flag: number
  readonly tests: number
  readonly origin: number
  readonly spanMs: number
  /** -Infinity without one. */
  readonly rank: number
  /** Journal entry that first brought the value; null leaves what the server has. */
  readonly seq: number | null
}

/** The line up to the fields, or null when line protocol cannot carry the id. */
export function seriesTag(series: string): string | null {
  // A backslash has no escape of its own: before an escaped character or at the end it would swallow it.
  if (series === '' || /[\r\n]|\\[,= \\]|\\$/.test(series)) return null
  return `${MEASUREMENT},series=${series.replaceAll(/[,= ]/g, '\\$&')}`
}

/**
 * One line: tags `series` and `rev`, all fields floats, time in ms. `value` and `nano` are absent
 * when the value is missing; `nano` also when a double cannot hold the billionths exactly. `nano` and `weight` (how bad the flag is) are there
 * for the engine, which can neither round nor rank flags.
 */
export function pointLine(tag: string, revision: number, point: PointFields, atMs: number): string {
  const { value, flag, tests, origin, spanMs, seq } = point
  const rank = point.rank === -Infinity ? NO_RANK : point.rank
  return (
    `${tag},rev=${revision} ${valueFields(value)}flag=${flag},weight=${flagWeight(flag)},tests=${tests},origin=${origin},` +
    `span=${spanMs},rank=${rank}${seq === null ? '' : `,seq=${seq}`} ${atMs}`
  )
}

/** Another flag for a point that is there; its other fields stay. */
export function flagLine(
  tag: string,
  revision: number,
  flag: number,
  tests: number,
  atMs: number,
): string {
  return `${tag},rev=${revision} flag=${flag},weight=${flagWeight(flag)},tests=${tests} ${atMs}`
}

function valueFields(value: number): string {
  if (Number.isNaN(value)) return ''
  const nano = billionths(value)
  return Number.isSafeInteger(nano) ? `value=${value},nano=${nano},` : `value=${value},`
}
