import { registrySchema, type Registry } from '../../../../../src/domain/city/registry.js'
import type { z } from 'zod'

export type RegistryInput = z.input<typeof registrySchema>

const name = { zh: '名', en: 'name' }
const provenance = { document: 'survey' }
const since2025 = '2025-01-01T00:00:00+08:00'

/** A consistent city with one of each: what the tests then break in one place. */
function smallCity(): RegistryInput {
  return {
    format: 1,
    city: {
      id: 'linshui',
      name,
      timeZone: 'Asia/Shanghai',
      coordinateReference: 'CGCS2000',
      captureRatioZone: { zone: 'III', lowerBound: 0.75, provenance },
    },
    drainageZones: [
      { id: 'Z1', name, system: 'separate' },
      { id: 'Z2', name, system: 'separate' },
    ],
    projects: [{ id: 'P1', name, zone: 'Z1', kind: 'new', type: 'park', status: 'accepted' }],
    catchments: [
      {
        id: 'C1',
        name,
        zone: 'Z1',
        project: 'P1',
        area: { m2: 10_000, provenance },
        gauges: [{ sensor: 'RG.rain', weight: 1 }],
      },
      {
        id: 'C2',
        name,
        zone: 'Z2',
        area: { m2: 5_000, provenance },
        gauges: [{ sensor: 'RG.rain', weight: 1 }],
      },
    ],
    facilities: [{ id: 'F1', name, project: 'P1', catchment: 'C1', kind: 'bioretention' }],
    outfalls: [
      {
        id: 'O1',
        name,
        zone: 'Z1',
        catchments: ['C1'],
        metering: [{ state: 'metered', from: since2025, sensor: 'FM.flow' }],
      },
      {
        id: 'O2',
        name,
        zone: 'Z2',
        catchments: ['C2'],
        metering: [{ state: 'unmetered', from: since2025 }],
      },
    ],
    pondingPoints: [{ id: 'PP1', name, zone: 'Z1', sensor: 'PD.depth', gauge: 'RG.rain' }],
    stations: [{ id: 'ST1', name, position: { lon: 114.3, lat: 30.5 } }],
    devices: [
      device('RG', {
        id: 'RG.rain',
        field: 'rain',
        quantity: 'rain_depth',
        unit: 'mm',
        kind: { type: 'increment' },
        reporting: { type: 'periodic', intervalS: 60 },
      }),
      device('FM', {
        id: 'FM.flow',
        field: 'flow',
        quantity: 'flow',
        unit: 'L/s',
        kind: { type: 'interval-mean' },
        reporting: { type: 'periodic', intervalS: 60 },
      }),
      device('PD', {
        id: 'PD.depth',
        field: 'depth',
        quantity: 'ponding_depth',
        unit: 'mm',
        kind: { type: 'instant' },
        reporting: { type: 'on-change', heartbeatS: 1800 },
      }),
    ],
  }
}

/** Changes that give the small city a section of groundwater and one of the heat island, in order whole. */
export function comparisons(
  changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const sensor = (id: string, quantity: string, unit: string, more: object = {}) => ({
    ...{ id, field: 'value', quantity, unit, kind: { type: 'instant' } },
    ...{ reporting: { type: 'periodic', intervalS: 3600 }, ...more },
  })
  const old = (id: string, only: object) => ({
    ...{ id, station: 'ST1', model: 'senml-json', installedAt: '2014-12-31T16:00:00Z' },
    sensors: [only],
  })
  const years = {
    before: { fromYear: 2015, toYear: 2019 },
    after: { fromYear: 2020, toYear: 2024 },
  }
  return {
    'stations.0.groundElevationM': 31,
    'devices.3': old('GL', sensor('GL.level', 'groundwater_level', 'm', { datumM: 0 })),
    'devices.4': old('GD', sensor('GD.depth', 'groundwater_depth', 'cm')),
    'devices.5': old('TI', sensor('TI.air', 'air_temperature', 'Cel')),
    'devices.6': old('TO', sensor('TO.air', 'air_temperature', 'Cel')),
    'devices.7': old('WI', sensor('WI.wind', 'wind_speed', 'm/s')),
    'devices.8': old('RO', {
      ...sensor('RO.rain', 'rain_depth', 'mm'),
      kind: { type: 'increment' },
      reporting: { type: 'periodic', intervalS: 900 },
    }),
    groundwater: {
      ...years,
      wells: [
        { sensor: 'GL.level', areaM2: 100 },
        { sensor: 'GD.depth', areaM2: 200 },
      ],
      meanAnnualRainMm: { mm: 640, provenance },
    },
    heatIsland: {
      ...{ ...years, inside: ['TI.air'], outside: ['TO.air'] },
      weather: { rain: 'RO.rain', wind: 'WI.wind' },
    },
    ...changes,
  }
}

/** The small city with some of its values replaced, by path, e.g. `{ 'devices.0.model': 'x' }`; undefined deletes. */
export function smallCityWith(changes: Readonly<Record<string, unknown>>): Registry {
  const city: unknown = smallCity()
  for (const [path, value] of Object.entries(changes)) replace(city, path.split('.'), value)
  return registrySchema.parse(city)
}

function replace(holder: unknown, path: readonly string[], value: unknown): void {
  const [step, ...rest] = path
  if (typeof holder !== 'object' || holder === null || step === undefined) {
    throw new Error(`the small city has no place ${path.join('.')}`)
  }
  const record = holder as Record<string, unknown>
  if (rest.length > 0) replace(record[step], rest, value)
  else if (value === undefined) delete record[step]
  else record[step] = structuredClone(value)
}

function device(
  id: string,
  sensor: RegistryInput['devices'][number]['sensors'][number],
): RegistryInput['devices'][number] {
  return { id, station: 'ST1', model: 'senml-json', installedAt: since2025, sensors: [sensor] }
}
