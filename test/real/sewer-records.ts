import { smallCity } from '../setup/small-city.js'
import type { Reading } from './replay.js'
import { sharedRows } from './shared-data.js'

/** Rain in inches per 15 minutes and flow in MGD of a sewer, spring 2008, as written and in UTC. */

export const RAIN_FILE = 'sewer_flow_rain_2008/rain_15min.csv.gz'
export const FLOW_FILE = 'sewer_flow_rain_2008/flow_15min.csv.gz'

export const STEP_MS = 15 * 60_000
export const HOUR_MS = 3_600_000
/** The inch and the US gallon (231 cubic inches) are exact. */
export const MM_PER_INCH = 25.4
export const M3S_PER_MGD = (1e6 * 231 * 0.0254 ** 3) / 86_400

export interface WrittenValue {
  /** What the clock of the logger said, read as if it were UTC, ms. */
  readonly clockMs: number
  readonly value: number
}

export function writtenValues(file: string, column: string): WrittenValue[] {
  return sharedRows(file).map((row) => ({
    clockMs: Date.parse(`${row['time_local']}Z`),
    value: Number(row[column]),
  }))
}

/** Five hours behind UTC, four from the moment the clock jumped over (02:00, next stamp 03:00). */
export function rainUtcMs(clockMs: number): number {
  return clockMs + (clockMs < Date.UTC(2008, 2, 9, 3) ? 5 : 4) * HOUR_MS
}

/** The same, but set by hand during the interruption of 10 March: sewer-clocks.test.ts says why. */
export function flowUtcMs(clockMs: number): number {
  return clockMs + (clockMs < Date.UTC(2008, 2, 10, 12, 45) ? 5 : 4) * HOUR_MS
}

const SERIES = [
  { file: RAIN_FILE, column: 'rain_in', device: 'RG', field: 'rain', unit: '[in_i]' },
  { file: FLOW_FILE, column: 'flow_mgd', device: 'FM', field: 'flow', unit: '[mgd_us]' },
  { file: FLOW_FILE, column: 'velocity_fps', device: 'FM', field: 'velocity', unit: '[ft_i]/s' },
  { file: FLOW_FILE, column: 'depth_in', device: 'FM', field: 'depth', unit: '[in_i]' },
] as const

/** All values of both files, as a logger with a right clock would have sent them. */
export function sewerReadings(): Reading[] {
  return SERIES.flatMap(({ file, column, device, field, unit }) =>
    writtenValues(file, column).map(({ clockMs, value }) => ({
      ...{ device, field, unit, value },
      atMs: file === RAIN_FILE ? rainUtcMs(clockMs) : flowUtcMs(clockMs),
    })),
  )
}

const PERIODIC = '{ type: periodic, intervalS: 900 }'

/** The source names neither place nor area: a square kilometre, so that volumes have something to be held against. */
export const SEWER_CITY = smallCity({
  timeZone: 'America/New_York',
  sensors: [
    ...[{ device: 'RG', field: 'rain', quantity: 'rain_depth', unit: '[in_i]' }].map((sensor) => ({
      ...sensor,
      kind: '{ type: increment }',
      reporting: PERIODIC,
    })),
    ...[
      { device: 'FM', field: 'flow', quantity: 'flow', unit: '[mgd_us]' },
      { device: 'FM', field: 'velocity', quantity: 'velocity', unit: '[ft_i]/s' },
      { device: 'FM', field: 'depth', quantity: 'level', unit: '[in_i]' },
    ].map((sensor) => ({ ...sensor, kind: '{ type: instant }', reporting: PERIODIC })),
  ],
  more: `catchments:
  - id: C
    name: { zh: 汇水区, en: Catchment }
    zone: Z
    area: { m2: 1000000, provenance: { document: assumed, unverified: true } }
    gauges: [{ sensor: RG.rain, weight: 1 }]
outfalls:
  - id: OF
    name: { zh: 排口, en: Outfall }
    zone: Z
    catchments: [C]
    metering: [{ state: metered, from: '2000-01-01T00:00:00Z', sensor: FM.flow }]
    baseFlow: { method: none }
`,
})
