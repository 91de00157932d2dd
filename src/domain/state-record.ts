import type { Sensor } from './city/registry.js'
import { FLAG } from './flag.js'
import type { SeriesColumns } from './observation.js'
import { isTaken, type Selection } from './selection.js'
import type { Window } from './time.js'

/** How a stretch of a state record is known. */
export const KNOWN = { measured: 0, bridged: 1, missing: 2 } as const

/**
 * A state (flow, level, ponding depth) over a window, by column: segments in time order that tile
 * the window. Within a segment the state runs straight from `start` to `end`.
 */
export interface StateRecord {
  readonly window: Window
  readonly fromMs: Float64Array
  readonly toMs: Float64Array
  /** Value at the segment's start and end; NaN where missing. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** A number of KNOWN. */
  readonly known: Uint8Array
}

export type StateSensor = Pick<Sensor, 'kind' | 'reporting'>

export interface StateOptions {
  readonly selection: Selection
  /** Longest time between two readings that a straight line may cross, ms; longer ones are missing. */
  readonly bridgeMs: number
}

/** Jitter that a periodic sensor is allowed: half an interval late. */
const JITTER = 1.5

/**
 * The record of a state sensor over a window.
 *
 * - Instants reported periodically are joined by straight lines (so their integral is the
 *   trapezoid's) while they follow each other within one and a half intervals.
 * - Instants reported on change hold their value until the next message, at most for the heartbeat:
 *   silence says "no change".
 * - Interval means hold over their span (so their integral is the rectangle's).
 * - What lies between, from reading to reading (from span to span for means, from the end of the
 *   heartbeat on change), is bridged by a straight line when it is not longer than `bridgeMs`, else
 *   missing. A message without a usable value ends what the message before it vouched for.
 *
 * @param columns ascending; readings outside the window serve the segments that cross its edges
 */
export function stateRecord(
  columns: SeriesColumns,
  sensor: StateSensor,
  window: Window,
  options: StateOptions,
): StateRecord {
  const segments = segmentWriter(window)
  if (sensor.kind.type === 'interval-mean') writeMeans(columns, sensor, options, segments)
  else if (sensor.reporting.type === 'periodic') {
    writeInstants(columns, sensor.reporting.intervalS * 1000 * JITTER, options, segments)
  } else writeHeld(columns, sensor.reporting.heartbeatS * 1000, options, segments)
  return segments.finish()
}

/** A record that is missing throughout, or (proven shut) zero throughout. */
export function constantRecord(window: Window, value: number | null): StateRecord {
  const segments = segmentWriter(window)
  if (value !== null) segments.push(window.fromMs, window.toMs, value, value, KNOWN.measured)
  return segments.finish()
}

/** Value at an instant, straight within its segment; NaN where missing or outside the record. */
export function stateAt(record: StateRecord, atMs: number): number {
  const i = segmentAt(record, atMs)
  const [from, to] = [record.fromMs[i] ?? Number.NaN, record.toMs[i] ?? Number.NaN]
  if (!(atMs >= from && atMs <= to) || record.known[i] === KNOWN.missing) return Number.NaN
  const [start, end] = [record.start[i] ?? Number.NaN, record.end[i] ?? Number.NaN]
  return start + ((end - start) * (atMs - from)) / (to - from)
}

/** Records of neighbouring windows as one: in the order given, time between them missing. */
export function joinedRecords(records: readonly StateRecord[], window: Window): StateRecord {
  const [only] = records
  if (records.length === 1 && only !== undefined && sameWindow(only.window, window)) return only
  const segments = segmentWriter(window)
  for (const record of records) {
    for (let i = 0; i < record.fromMs.length; i++) {
      if (record.known[i] === KNOWN.missing) continue
      segments.push(
        record.fromMs[i] ?? 0,
        record.toMs[i] ?? 0,
        record.start[i] ?? Number.NaN,
        record.end[i] ?? Number.NaN,
        record.known[i] ?? KNOWN.missing,
      )
    }
  }
  return segments.finish()
}

/** Index of the segment that contains an instant of the window: from <= atMs < to. */
export function segmentAt(record: StateRecord, atMs: number): number {
  let low = 0
  let high = record.fromMs.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((record.fromMs[middle] ?? 0) <= atMs) low = middle
    else high = middle - 1
  }
  return low
}

/** Share of a window in which the state is known, measured or bridged, 0 to 1; time outside the record is not. */
export function knownShare(record: StateRecord, window: Window): number {
  let knownMs = 0
  for (let i = segmentAt(record, window.fromMs); i < record.fromMs.length; i++) {
    const from = record.fromMs[i] ?? 0
    if (from >= window.toMs) break
    if (record.known[i] === KNOWN.missing) continue
    const shared = Math.min(record.toMs[i] ?? 0, window.toMs) - Math.max(from, window.fromMs)
    knownMs += Math.max(0, shared)
  }
  return knownMs / (window.toMs - window.fromMs)
}

function writeInstants(
  columns: SeriesColumns,
  expectedMs: number,
  options: StateOptions,
  segments: SegmentWriter,
): void {
  const { atMs, values } = columns
  let before = -1
  for (let i = 0; i < atMs.length; i++) {
    if (!taken(columns, i, options)) continue
    if (before >= 0) {
      const from = atMs[before] ?? 0
      const to = atMs[i] ?? 0
      const gapMs = to - from
      if (gapMs <= expectedMs || gapMs <= options.bridgeMs) {
        const known = gapMs <= expectedMs ? KNOWN.measured : KNOWN.bridged
        segments.push(from, to, values[before] ?? 0, values[i] ?? 0, known)
      }
    }
    before = i
  }
}

function writeHeld(
  columns: SeriesColumns,
  heartbeatMs: number,
  options: StateOptions,
  segments: SegmentWriter,
): void {
  const { atMs, values } = columns
  let vouchedMs = Number.NEGATIVE_INFINITY
  let value = Number.NaN
  for (let i = 0; i < atMs.length; i++) {
    const at = atMs[i] ?? 0
    const usable = taken(columns, i, options)
    const heldMs = Math.min(vouchedMs, at)
    if (i > 0) segments.push(atMs[i - 1] ?? 0, heldMs, value, value, KNOWN.measured)
    if (usable && at > vouchedMs && at - vouchedMs <= options.bridgeMs) {
      segments.push(vouchedMs, at, value, values[i] ?? 0, KNOWN.bridged)
    }
    if (usable) {
      value = values[i] ?? 0
      vouchedMs = at + heartbeatMs
    } else {
      vouchedMs = Math.min(vouchedMs, at)
    }
  }
  const lastMs = atMs.at(-1)
  if (lastMs !== undefined) segments.push(lastMs, vouchedMs, value, value, KNOWN.measured)
}

function writeMeans(
  columns: SeriesColumns,
  sensor: StateSensor,
  options: StateOptions,
  segments: SegmentWriter,
): void {
  const { atMs, spanMs, values } = columns
  const { reporting } = sensor
  const intervalMs =
    (reporting.type === 'periodic' ? reporting.intervalS : reporting.heartbeatS) * 1000
  let previousMs = Number.NEGATIVE_INFINITY
  let previous = 0
  for (let i = 0; i < atMs.length; i++) {
    if (!taken(columns, i, options)) continue
    const at = atMs[i] ?? 0
    const value = values[i] ?? 0
    const own = spanMs[i] ?? 0
    let from = at - (own > 0 ? own : intervalMs)
    if (from - previousMs <= intervalMs * (JITTER - 1)) from = previousMs
    else if (from - previousMs <= options.bridgeMs) {
      segments.push(previousMs, from, previous, value, KNOWN.bridged)
    }
    segments.push(from, at, value, value, KNOWN.measured)
    previousMs = at
    previous = value
  }
}

function taken(columns: SeriesColumns, i: number, options: StateOptions): boolean {
  return isTaken(columns.flags[i] ?? FLAG.missing, columns.origins[i] ?? 0, options.selection)
}

interface SegmentWriter {
  push(fromMs: number, toMs: number, start: number, end: number, known: number): void
  finish(): StateRecord
}

/** Takes segments in time order, cuts them at the window's edges, and fills what is between as missing. */
function segmentWriter(window: Window): SegmentWriter {
  let size = 256
  let fromColumn = new Float64Array(size)
  let toColumn = new Float64Array(size)
  let startColumn = new Float64Array(size)
  let endColumn = new Float64Array(size)
  let knownColumn = new Uint8Array(size)
  let count = 0
  let cursor = window.fromMs

  function write(toMs: number, start: number, end: number, known: number): void {
    if (count === size) grow()
    fromColumn[count] = cursor
    toColumn[count] = toMs
    startColumn[count] = start
    endColumn[count] = end
    knownColumn[count] = known
    count++
    cursor = toMs
  }

  function grow(): void {
    size *= 2
    fromColumn = larger(fromColumn, new Float64Array(size))
    toColumn = larger(toColumn, new Float64Array(size))
    startColumn = larger(startColumn, new Float64Array(size))
    endColumn = larger(endColumn, new Float64Array(size))
    knownColumn = larger(knownColumn, new Uint8Array(size))
  }

  function push(fromMs: number, toMs: number, start: number, end: number, known: number): void {
    const from = Math.max(fromMs, cursor)
    const to = Math.min(toMs, window.toMs)
    if (to <= from) return
    if (from > cursor) write(from, Number.NaN, Number.NaN, KNOWN.missing)
    const slope = (end - start) / (toMs - fromMs)
    write(
      to,
      from === fromMs ? start : start + slope * (from - fromMs),
      to === toMs ? end : start + slope * (to - fromMs),
      known,
    )
  }

  function finish(): StateRecord {
    if (cursor < window.toMs) write(window.toMs, Number.NaN, Number.NaN, KNOWN.missing)
    return {
      window,
      fromMs: fromColumn.slice(0, count),
      toMs: toColumn.slice(0, count),
      start: startColumn.slice(0, count),
      end: endColumn.slice(0, count),
      known: knownColumn.slice(0, count),
    }
  }

  return { push, finish }
}

function sameWindow(a: Window, b: Window): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs
}

function larger<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
