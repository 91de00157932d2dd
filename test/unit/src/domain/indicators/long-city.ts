import type { Registry } from '../../../../../src/domain/city/registry.js'
import { registrySchema } from '../../../../../src/domain/city/registry.js'
import { judgedBothWays, type Judgement } from '../../../../../src/domain/indicators/both-ways.js'
import type { Indicator } from '../../../../../src/domain/indicators/indicator.js'
import type { SeriesColumns } from '../../../../../src/domain/observation.js'
import { DAY_MS, MINUTE_MS } from '../../../../../src/domain/time.js'
import { series, START_MS, type Row } from '../rain/series.js'

const name = { zh: '名', en: 'name' }
const provenance = { document: 'a test' }
const OFFSET_MS = 8 * 3_600_000

export const BEFORE = { fromYear: 2015, toYear: 2019 }
export const AFTER = { fromYear: 2022, toYear: 2024 }

interface Station {
  readonly groundElevationM?: number
}

export interface LongCityChanges {
  readonly groundwater?: Readonly<Record<string, unknown>> | null
  readonly heatIsland?: Readonly<Record<string, unknown>> | null
  /** Station of the depth sensor W2 and of the suburb F; 40 m and 250 m unless given. */
  readonly field?: Station
  readonly hill?: Station
  /** Elevation of the zero of W1. */
  readonly datumM?: number | undefined
}

/**
 * A city in UTC+8 with a well W1 of levels (300 m², zero at 0 m) and W2 of depths (100 m², ground at 40 m),
 * a town site T at 50 m and a suburb F at 250 m, where a gauge RG and wind WD stand.
 */
export function longCity(changes: LongCityChanges = {}): Registry {
  const { groundwater = {}, heatIsland = {} } = changes
  const datum = 'datumM' in changes ? changes.datumM : 0
  const device = (station: string, id: string, quantity: string, more: object = {}) => ({
    id: `D-${id}`,
    station,
    model: 'senml-json',
    installedAt: '2014-01-01T00:00:00Z',
    sensors: [
      {
        ...{ id, field: 'value', quantity, unit: quantity === 'air_temperature' ? 'Cel' : 'm' },
        ...{ kind: { type: 'interval-mean' }, reporting: { type: 'periodic', intervalS: 86_400 } },
        ...more,
      },
    ],
  })
  const station = (id: string, more: Station) => ({
    ...{ id, name, position: { lon: 114, lat: 30 } },
    ...more,
  })
  const wells = [
    { sensor: 'W1', areaM2: 300 },
    { sensor: 'W2', areaM2: 100 },
  ]
  return registrySchema.parse({
    format: 1,
    city: {
      ...{ id: 'long', name, timeZone: 'Asia/Shanghai', coordinateReference: 'WGS84' },
      captureRatioZone: { zone: 'III', lowerBound: 0.75, provenance },
    },
    drainageZones: [{ id: 'Z1', name, system: 'separate' }],
    ...(groundwater === null
      ? {}
      : {
          groundwater: {
            ...{ wells, before: BEFORE, after: AFTER },
            ...{ meanAnnualRainMm: { mm: 620, provenance } },
            ...groundwater,
          },
        }),
    ...(heatIsland === null
      ? {}
      : {
          heatIsland: {
            ...{ inside: ['T'], outside: ['F'] },
            ...{ before: BEFORE, after: { fromYear: 2022, toYear: 2022 } },
            ...heatIsland,
          },
        }),
    stations: [
      station('TOWN', { groundElevationM: 50 }),
      station('FIELD', changes.field ?? { groundElevationM: 40 }),
      station('HILL', changes.hill ?? { groundElevationM: 250 }),
    ],
    devices: [
      device('TOWN', 'W1', 'groundwater_level', datum === undefined ? {} : { datumM: datum }),
      device('FIELD', 'W2', 'groundwater_depth'),
      device('TOWN', 'T', 'air_temperature'),
      device('HILL', 'F', 'air_temperature'),
      device('HILL', 'RG', 'rain_depth', { unit: 'mm', kind: { type: 'increment' } }),
      device('HILL', 'WD', 'wind_speed', { unit: 'm/s' }),
    ],
  })
}

/** Daily means of whole local years, stamped with the end of the day; days of null are not there. */
export function dailyRows(
  fromYear: number,
  toYear: number,
  value: (year: number, day: string) => number | null,
): Row[] {
  const rows: Row[] = []
  for (let ms = Date.UTC(fromYear, 0); ms < Date.UTC(toYear + 1, 0); ms += DAY_MS) {
    const day = new Date(ms).toISOString().slice(0, 10)
    const known = value(Number(day.slice(0, 4)), day)
    if (known === null) continue
    const endMs = ms + DAY_MS - OFFSET_MS
    rows.push({ min: (endMs - START_MS) / MINUTE_MS, value: known, spanMin: 1440 })
  }
  return rows
}

/** The instant at which a local day begins. */
export function localDay(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) - OFFSET_MS
}

/** Judges for the whole city; series are cut to what the indicator asked for. */
export function judgeYears(
  indicator: Indicator,
  registry: Registry,
  toMs: number,
  rows: Readonly<Record<string, readonly Row[]>>,
  parameters: Readonly<Record<string, number | string>> = {},
): Judgement {
  const defaults = Object.fromEntries(indicator.parameters.map((rule) => [rule.name, rule.default]))
  const scope = {
    registry,
    subject: { kind: 'city', id: registry.city.id } as const,
    window: { fromMs: toMs - 365 * DAY_MS, toMs },
    parameters: { ...defaults, ...parameters },
  }
  const loaded = new Map<string, SeriesColumns>()
  for (const { series: id, window } of indicator.wants(scope)) {
    const asked = (rows[id] ?? []).filter(({ min }) => {
      const atMs = START_MS + min * MINUTE_MS
      return atMs >= window.fromMs && atMs < window.toMs
    })
    loaded.set(id, series(asked, id))
  }
  return judgedBothWays(indicator, scope, loaded)
}
