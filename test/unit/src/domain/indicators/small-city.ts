import { registrySchema, type Registry } from '../../../../../src/domain/city/registry.js'
import { judgedBothWays, type Judgement } from '../../../../../src/domain/indicators/both-ways.js'
import type { Indicator, Subject } from '../../../../../src/domain/indicators/indicator.js'
import type { SeriesColumns } from '../../../../../src/domain/observation.js'
import type { Window } from '../../../../../src/domain/time.js'
import { series, type Row } from '../rain/series.js'

const provenance = { document: 'a test' }
const name = { zh: '名', en: 'name' }
const ALWAYS = '2020-01-01T00:00:00Z'

export interface CityChanges {
  readonly outfalls?: readonly unknown[]
  readonly catchments?: readonly unknown[]
  readonly zone?: Readonly<Record<string, unknown>>
  readonly point?: Readonly<Record<string, unknown>>
  /** Merged into every sensor. */
  readonly sensor?: Readonly<Record<string, unknown>>
  /** Further sections. */
  readonly sections?: Readonly<Record<string, unknown>>
}

export function outfall(
  id: string,
  catchments: readonly string[],
  metering: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  return { id, name, zone: 'Z1', catchments, metering, baseFlow: { method: 'none' }, ...more }
}

export function metered(sensor: string): unknown {
  return { state: 'metered', from: ALWAYS, sensor }
}

export function catchment(
  id: string,
  m2: number,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    id,
    name,
    zone: 'Z1',
    area: { m2, provenance },
    gauges: [{ sensor: 'RG', weight: 1 }],
    ...more,
  }
}

/**
 * One zone with two catchments of 1.2 and 0.8 hm², each with a metered outfall, one gauge, one
 * ponding point, a well and two sites of air temperature that nothing names unless a section does;
 * everything reports every five minutes and knows its accuracy.
 */
export function smallCity(changes: CityChanges = {}): Registry {
  const sensor = (id: string, quantity: string, unit: string, kind: string) => ({
    id,
    field: id,
    quantity,
    unit,
    kind: { type: kind },
    reporting: { type: 'periodic', intervalS: 300 },
    accuracy: { relative: 0.05 },
    ...changes.sensor,
  })
  return registrySchema.parse({
    format: 1,
    city: {
      id: 'small',
      name,
      timeZone: 'Asia/Shanghai',
      coordinateReference: 'WGS84',
      captureRatioZone: { zone: 'III', lowerBound: 0.75, provenance },
    },
    drainageZones: [
      {
        id: 'Z1',
        name,
        system: 'separate',
        captureRatioTarget: { ratio: 0.7, provenance },
        ...changes.zone,
      },
    ],
    catchments: changes.catchments ?? [catchment('C1', 12_000), catchment('C2', 8_000)],
    outfalls: changes.outfalls ?? [
      outfall('O1', ['C1'], [metered('F1')]),
      outfall('O2', ['C2'], [metered('F2')]),
    ],
    pondingPoints: [{ id: 'P1', name, zone: 'Z1', sensor: 'PD', gauge: 'RG', ...changes.point }],
    ...changes.sections,
    stations: [{ id: 'ST', name, position: { lon: 120, lat: 30 } }],
    devices: [
      {
        id: 'D1',
        station: 'ST',
        model: 'senml-json',
        installedAt: ALWAYS,
        sensors: [
          sensor('RG', 'rain_depth', 'mm', 'increment'),
          sensor('RG2', 'rain_depth', 'mm', 'increment'),
          sensor('F1', 'flow', 'm3/s', 'instant'),
          sensor('F2', 'flow', 'm3/s', 'instant'),
          sensor('UP', 'flow', 'm3/s', 'instant'),
          sensor('PD', 'ponding_depth', 'mm', 'instant'),
          sensor('GW', 'groundwater_level', 'm', 'instant'),
          sensor('T1', 'air_temperature', 'Cel', 'instant'),
          sensor('T2', 'air_temperature', 'Cel', 'instant'),
        ],
      },
    ],
  })
}

/** Rows every five minutes from `fromMin` to `toMin`, both ends included. */
export function everyFive(fromMin: number, toMin: number, value: (min: number) => number): Row[] {
  const rows: Row[] = []
  for (let min = fromMin; min <= toMin; min += 5) rows.push({ min, value: value(min) })
  return rows
}

/** Judges an indicator over hand-written series, with its defaults and what is given. */
export function judge(
  indicator: Indicator,
  registry: Registry,
  subject: Subject,
  window: Window,
  rows: Readonly<Record<string, readonly Row[]>>,
  parameters: Readonly<Record<string, number | string>> = {},
): Judgement {
  const defaults = Object.fromEntries(indicator.parameters.map((rule) => [rule.name, rule.default]))
  const loaded = new Map<string, SeriesColumns>()
  const scope = { registry, subject, window, parameters: { ...defaults, ...parameters } }
  for (const want of indicator.wants(scope)) {
    const columns = series(rows[want.series] ?? [], want.series)
    loaded.set(want.series, columns)
  }
  return judgedBothWays(indicator, scope, loaded)
}
