import type { Sensor } from '../../../../../src/domain/city/registry.js'
import { FLAG } from '../../../../../src/domain/flag.js'
import type { SeriesColumns } from '../../../../../src/domain/observation.js'
import type { Gauge } from '../../../../../src/domain/rain/gauge.js'
import { MINUTE_MS } from '../../../../../src/domain/time.js'

/** 2026-06-01 00:00 in UTC+8. */
export const START_MS = Date.UTC(2026, 4, 31, 16)

export interface Row {
  /** Minutes after START_MS. */
  readonly min: number
  /** null: missing. */
  readonly value: number | null
  readonly flag?: number
  readonly spanMin?: number
  readonly origin?: number
}

/** A series written by hand, ascending. */
export function series(rows: readonly Row[], id = 'S'): SeriesColumns {
  return {
    series: id,
    atMs: Float64Array.from(rows, ({ min }) => at(min)),
    spanMs: Float64Array.from(rows, ({ spanMin = 0 }) => spanMin * MINUTE_MS),
    values: Float64Array.from(rows, ({ value }) => value ?? Number.NaN),
    tests: new Uint16Array(rows.length),
    flags: Uint8Array.from(rows, ({ value, flag }) =>
      value === null ? FLAG.missing : (flag ?? FLAG.good),
    ),
    origins: Uint8Array.from(rows, ({ origin = 0 }) => origin),
  }
}

export function at(min: number): number {
  return START_MS + min * MINUTE_MS
}

export function window(fromMin: number, toMin: number) {
  return { fromMs: at(fromMin), toMs: at(toMin) }
}

export function gauge(
  kind: Sensor['kind'],
  reporting: Sensor['reporting'] = { type: 'periodic', intervalS: 300 },
): Gauge {
  return { kind, reporting, calibrations: [], unit: 'mm', quantity: 'rain_depth' }
}
