import type { Sensor } from '../city/registry.js'
import { periodAt } from '../city/periods.js'
import { FLAG } from '../flag.js'
import { dailyInstants, type LocalTime } from '../local-time.js'
import type { SeriesColumns } from '../observation.js'
import { worstFlag } from '../qc/worst-flag.js'
import { isTaken, type Selection } from '../selection.js'
import { conversion } from '../units.js'
import { CHANGE_SPREAD_MS, quiet, type Gauge } from './gauge.js'
import { depthPm, MISSING_SPAN, type RainRecordWriter } from './rain-record.js'

type Counter = Extract<Sensor['kind'], { type: 'counter' }>

/** A reading of the counter before calibration, whole picometres, with the gain at its time. */
interface Reading {
  readonly atMs: number
  readonly rawPm: number
  readonly gain: number
  readonly flag: number
}

/** What lies between two readings; null depth where the counter contradicts itself. */
interface Difference {
  readonly depthPm: number | null
  readonly flag: number
  /** Last declared reset within the time; what fell before it is known only up to the reading before. */
  readonly resetMs: number | null
}

/**
 * The rain that a cumulative counter shows, from differences of neighbouring readings.
 *
 * - At the declared local hour the counter returns to zero: the reading after it is the rain since.
 *   A reading stamped on that very hour may stand before or after the reset; the value tells.
 *   What fell between the last reading and the reset is not known and counts as nothing.
 * - A drop that a declared roll-over explains (by less than half of it) wraps.
 * - An undeclared drop to half or less is a restart: the reading is the rain since, and suspect.
 *   A smaller drop contradicts the counter: that time is missing, and counting goes on from there.
 * - A gap, also one of readings left out, loses no rain: the difference over it is one long span
 *   whose distribution in time is unknown (`spread`), unless it is zero, which proves it dry. When
 *   the counter was reset within the gap, the time up to the reset is missing.
 * - A calibration in force is undone before differencing and its gain applied to the difference,
 *   so that a new calibration makes no rain.
 */
export function counterRain(
  columns: SeriesColumns,
  gauge: Gauge,
  counter: Counter,
  selection: Selection,
  time: LocalTime,
  writer: RainRecordWriter,
): void {
  const readings = takenReadings(columns, gauge, selection)
  const first = readings[0]
  if (first === undefined) return
  const last = readings.at(-1) ?? first
  const resets =
    counter.resetLocalHour === undefined
      ? new Float64Array(0)
      : dailyInstants(time, counter.resetLocalHour, first.atMs - 1, last.atMs)
  const rollOverPm = rollOver(counter, gauge)
  const { reporting } = gauge
  const expectedMs =
    reporting.type === 'periodic' ? reporting.intervalS * 1500 : reporting.heartbeatS * 1000

  writer.push(first.atMs, MISSING_SPAN)
  let reset = 0
  let resetPending = false
  for (let i = 1; i < readings.length; i++) {
    const before = readings[i - 1] ?? first
    const after = readings[i] ?? last

    // Resets in [before, after]; the one at `before` counts only if `before` was read ahead of it.
    let resetMs: number | null = resetPending ? before.atMs : null
    resetPending = false
    while ((resets[reset] ?? Number.POSITIVE_INFINITY) <= after.atMs) {
      const instant = resets[reset++] ?? 0
      if (instant <= before.atMs) {
        // Only the first reading's own hour comes here: a lower reading after it tells of the reset.
        if (instant === before.atMs && after.rawPm < before.rawPm) resetMs = instant
        continue
      }
      if (instant === after.atMs && after.rawPm >= before.rawPm) resetPending = true
      else resetMs = instant
    }

    const found = difference(before, after, resetMs, rollOverPm)
    if (found.depthPm === null) {
      writer.push(after.atMs, MISSING_SPAN)
      continue
    }
    const content = { depthPm: found.depthPm, flag: found.flag }
    const elapsedMs = after.atMs - before.atMs
    if (elapsedMs > expectedMs) {
      if (found.resetMs !== null) writer.push(found.resetMs, MISSING_SPAN)
      const beginMs = found.resetMs ?? before.atMs
      writer.push(after.atMs, { ...content, beginMs, spread: found.depthPm > 0 })
    } else if (reporting.type === 'on-change' && found.depthPm > 0) {
      const beginMs = Math.max(before.atMs, after.atMs - CHANGE_SPREAD_MS)
      writer.push(beginMs, { depthPm: 0, flag: found.flag })
      writer.push(after.atMs, { ...content, beginMs })
    } else {
      writer.push(after.atMs, { ...content, beginMs: before.atMs })
    }
  }
  if (reporting.type === 'on-change') {
    quiet(writer, Number.POSITIVE_INFINITY, last.atMs + expectedMs, last.flag)
  }
}

function difference(
  before: Reading,
  after: Reading,
  resetMs: number | null,
  rollOverPm: number | null,
): Difference {
  const flag = worstFlag(before.flag, after.flag)
  const scaled = (rawPm: number) => Math.round(rawPm * after.gain)
  if (resetMs !== null) return { depthPm: scaled(after.rawPm), flag, resetMs }
  const rise = after.rawPm - before.rawPm
  if (rise >= 0) return { depthPm: scaled(rise), flag, resetMs: null }
  if (rollOverPm !== null && rise + rollOverPm >= 0 && rise + rollOverPm <= rollOverPm / 2) {
    return { depthPm: scaled(rise + rollOverPm), flag, resetMs: null }
  }
  if (after.rawPm * 2 <= before.rawPm) {
    return {
      depthPm: scaled(after.rawPm),
      flag: worstFlag(flag, FLAG.suspect),
      resetMs: null,
    }
  }
  return { depthPm: null, flag: FLAG.missing, resetMs: null }
}

function takenReadings(columns: SeriesColumns, gauge: Gauge, selection: Selection): Reading[] {
  const readings: Reading[] = []
  for (const [i, atMs] of columns.atMs.entries()) {
    const flag = columns.flags[i] ?? FLAG.missing
    if (!isTaken(flag, columns.origins[i] ?? 0, selection)) continue
    const calibration = periodAt(gauge.calibrations, atMs)
    const gain = calibration?.gain ?? 1
    const raw = ((columns.values[i] ?? 0) - (calibration?.offset ?? 0)) / gain
    readings.push({ atMs, rawPm: depthPm(raw), gain, flag })
  }
  return readings
}

function rollOver(counter: Counter, gauge: Gauge): number | null {
  if (counter.rollOver === undefined) return null
  const toInternal = conversion(gauge.unit, gauge.quantity)
  return depthPm(counter.rollOver * (toInternal?.gain ?? 1))
}
