/** One sensor of a test city. */
export interface SmallSensor {
  readonly device: string
  readonly field: string
  readonly quantity: string
  readonly unit: string
  /** YAML flow mapping, e.g. `{ type: instant }`. */
  readonly kind: string
  readonly reporting: string
}

export interface SmallCityOptions {
  readonly model?: string
  readonly sensors: readonly SmallSensor[]
  /** YAML of further sections: catchments, outfalls, pondingPoints. */
  readonly more?: string
  readonly timeZone?: string
}

/** The registry of a city with one zone, one station and the given sensors, YAML. Sensor ids are `<device>.<field>`. */
export function smallCity(options: SmallCityOptions): string {
  const devices = [...new Set(options.sensors.map((sensor) => sensor.device))]
  const deviceText = devices.map((device) => {
    const sensors = options.sensors
      .filter((sensor) => sensor.device === device)
      .map(
        ({ field, quantity, unit, kind, reporting }) =>
          `      - { id: ${device}.${field}, field: ${field}, quantity: ${quantity}, unit: '${unit}', kind: ${kind}, reporting: ${reporting} }`,
      )
    return `  - id: ${device}
    station: ST
    model: ${options.model ?? 'senml-json'}
    installedAt: '2000-01-01T00:00:00Z'
    sensors:
${sensors.join('\n')}`
  })
  return `format: 1
city:
  id: small
  name: { zh: 小城, en: Small }
  timeZone: ${options.timeZone ?? 'Asia/Shanghai'}
  coordinateReference: WGS84
  captureRatioZone: { zone: III, lowerBound: 0.75, provenance: { document: test } }
drainageZones:
  - { id: Z, name: { zh: 区, en: Zone }, system: separate }
stations:
  - { id: ST, name: { zh: 站, en: Station }, position: { lon: 114, lat: 30 } }
devices:
${deviceText.join('\n')}
${options.more ?? ''}`
}

/** A small city in which every device has one level sensor, `<device>.level`, in metres. */
export function levelCity(devices: readonly string[]): string {
  return smallCity({
    sensors: devices.map((device) => ({
      device,
      field: 'level',
      quantity: 'level',
      unit: 'm',
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 60 }',
    })),
  })
}

/**
 * A small city in which one device measures rain (A.rain, mm) and the water on a street (A.depth, mm) every
 * minute, at the ponding point P of a catchment C of 2 hm².
 */
export function pondingCity(point = '{ zh: 点, en: Point }'): string {
  const reporting = '{ type: periodic, intervalS: 60 }'
  return smallCity({
    sensors: [
      {
        ...{ device: 'A', field: 'rain', quantity: 'rain_depth', unit: 'mm' },
        ...{ kind: '{ type: increment }', reporting },
      },
      {
        ...{ device: 'A', field: 'depth', quantity: 'ponding_depth', unit: 'mm' },
        ...{ kind: '{ type: instant }', reporting },
      },
    ],
    more: `catchments:
  - id: C
    name: { zh: 汇, en: Catchment }
    zone: Z
    area: { m2: 20000, provenance: { document: survey } }
    gauges: [{ sensor: A.rain, weight: 1 }]
pondingPoints:
  - { id: P, name: ${point}, zone: Z, sensor: A.depth, gauge: A.rain }
`,
  })
}
