import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import type { ProjectionBatch } from '../../src/ports/series-store.js'

/** A city of many sensors and what they would have sent in a year: rain, flow and ponding that belong together. */
export interface YearCity {
  /** Registry, YAML. */
  readonly text: string
  readonly series: readonly string[]
  /** The observations of one day of every sensor. */
  readonly day: (number: number) => ProjectionBatch
}

export const STEP_MS = 5 * MINUTE_MS
export const STEPS_A_DAY = DAY_MS / STEP_MS
export const START_MS = Date.UTC(2025, 0, 1)

/** Shares of the sensors: gauges, then meters of outfalls, then ponding gauges; the rest are levels. */
const RAIN_SHARE = 0.1
const FLOW_SHARE = 0.5
const PONDING_SHARE = 0.2
const ZONES = 10
const AREA_M2 = 40_000

/** Every fourth day has a storm of three hours from 13:00 UTC, of 4 to 40 mm. */
const STORM_EVERY = 4
const STORM_FROM_MS = 13 * HOUR_MS
const STORM_MS = 3 * HOUR_MS

export function yearCity(sensors: number): YearCity {
  const gauges = Math.max(1, Math.round(sensors * RAIN_SHARE))
  const meters = Math.max(ZONES, Math.round(sensors * FLOW_SHARE))
  const ponds = Math.max(1, Math.round(sensors * PONDING_SHARE))
  const levels = Math.max(0, sensors - gauges - meters - ponds)
  const named = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`)
  const rain = named('R', gauges)
  const flow = named('F', meters)
  const ponding = named('P', ponds)
  const level = named('L', levels)
  const series = [...rain, ...flow, ...ponding, ...level].map((id) => `${id}.v`)
  return {
    text: registryText(rain, flow, ponding, level),
    series,
    day: (number) => dayBatch(number, series, gauges, meters, ponds),
  }
}

function dayBatch(
  number: number,
  series: readonly string[],
  gauges: number,
  meters: number,
  ponds: number,
): ProjectionBatch {
  const rows = series.length * STEPS_A_DAY
  const observations = {
    series,
    seriesIndex: new Uint32Array(rows),
    atMs: new Float64Array(rows),
    spanMs: new Float64Array(rows),
    values: new Float64Array(rows),
    flags: new Uint8Array(rows).fill(1),
    tests: new Uint16Array(rows).fill(1),
    origins: new Uint8Array(rows),
    ranks: new Float64Array(rows),
    entryIndex: new Uint32Array(rows),
  }
  const depthMm = number % STORM_EVERY === 0 ? 4 + ((number * 37) % 37) : 0
  let row = 0
  for (let step = 1; step <= STEPS_A_DAY; step++) {
    const ofDayMs = step * STEP_MS
    const atMs = START_MS + number * DAY_MS + ofDayMs
    const wet = ofDayMs > STORM_FROM_MS && ofDayMs <= STORM_FROM_MS + STORM_MS
    const rainMm = wet ? (depthMm * STEP_MS) / STORM_MS : 0
    // Half of the rain runs off, an hour later and for twice as long.
    const runs = ofDayMs > STORM_FROM_MS + HOUR_MS && ofDayMs <= STORM_FROM_MS + 7 * HOUR_MS
    const runoffM3s = runs ? (0.5 * depthMm * AREA_M2) / 1000 / (6 * 3600) : 0
    const baseM3s = 0.004 + 0.002 * Math.sin((2 * Math.PI * ofDayMs) / DAY_MS)
    for (let index = 0; index < series.length; index++) {
      observations.seriesIndex[row] = index
      observations.atMs[row] = atMs
      observations.ranks[row] = number * STEPS_A_DAY + step
      if (index < gauges) {
        observations.spanMs[row] = STEP_MS
        observations.values[row] = Math.round(rainMm * (90 + (index % 20)) * 10) / 1000
      } else if (index < gauges + meters) {
        observations.values[row] = Math.round((runoffM3s + baseM3s) * (900 + (index % 100))) / 1000
      } else if (index < gauges + meters + ponds) {
        observations.values[row] = wet && depthMm > 30 ? 40 + (index % 60) : 0
      } else observations.values[row] = Math.round(1000 + 50 * runoffM3s * 1000) / 1000
      row++
    }
  }
  const arrivalMs = START_MS + (number + 1) * DAY_MS
  const entry = {
    ...{ seq: number + 1, device: 'R0', arrivalMs, outcome: 'projected' as const, decoded: rows },
    ...{ newestAtMs: null, keptAtMs: null, state: null },
  }
  return { entries: [entry], observations, refusals: [] }
}

function registryText(
  rain: readonly string[],
  flow: readonly string[],
  ponding: readonly string[],
  level: readonly string[],
): string {
  const zones = Array.from({ length: ZONES }, (_, i) => `Z${i}`)
  const zoneOf = (i: number): string => `Z${i % ZONES}`
  const provenance = 'provenance: { document: bench }'
  const device = (id: string, quantity: string, unit: string, kind: string): string =>
    `  - { id: ${id}, station: ST, model: senml-json, installedAt: '2020-01-01T00:00:00Z', sensors: [{ id: ${id}.v, field: v, quantity: ${quantity}, unit: '${unit}', kind: { type: ${kind} }, accuracy: { relative: 0.05 }, reporting: { type: periodic, intervalS: ${STEP_MS / 1000} } }] }`
  return [
    'format: 1',
    'city:',
    '  id: year',
    '  name: { zh: 年, en: Year }',
    '  timeZone: Asia/Shanghai',
    '  coordinateReference: WGS84',
    `  captureRatioZone: { zone: III, lowerBound: 0.75, ${provenance} }`,
    'drainageZones:',
    ...zones.map(
      (id) =>
        `  - { id: ${id}, name: { zh: 区, en: Zone }, system: separate, captureRatioTarget: { ratio: 0.5, ${provenance} } }`,
    ),
    'catchments:',
    ...flow.map(
      (_, i) =>
        `  - { id: C${i}, name: { zh: 汇, en: C }, zone: ${zoneOf(i)}, area: { m2: ${AREA_M2}, ${provenance} }, gauges: [{ sensor: ${rain[i % rain.length]}.v, weight: 1 }] }`,
    ),
    'outfalls:',
    ...flow.map(
      (id, i) =>
        `  - { id: O${i}, name: { zh: 口, en: O }, zone: ${zoneOf(i)}, catchments: [C${i}], metering: [{ state: metered, from: '2020-01-01T00:00:00Z', sensor: ${id}.v }] }`,
    ),
    'pondingPoints:',
    ...ponding.map(
      (id, i) =>
        `  - { id: PP${i}, name: { zh: 点, en: P }, zone: ${zoneOf(i)}, sensor: ${id}.v, gauge: ${rain[i % rain.length]}.v, designRain: { depth60Mm: 12, ${provenance} } }`,
    ),
    'stations:',
    '  - { id: ST, name: { zh: 站, en: S }, position: { lon: 114, lat: 30 } }',
    'devices:',
    ...rain.map((id) => device(id, 'rain_depth', 'mm', 'increment')),
    ...flow.map((id) => device(id, 'flow', 'm3/s', 'instant')),
    ...ponding.map((id) => device(id, 'ponding_depth', 'mm', 'instant')),
    ...level.map((id) => device(id, 'level', 'm', 'instant')),
  ].join('\n')
}
