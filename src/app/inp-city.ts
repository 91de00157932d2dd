import { stringify } from 'yaml'
import type { InpInventory } from '../../simulators/hydrology/index.js'
import { rounded } from '../domain/rounding.js'

export interface InpCitySettings {
  readonly cityId: string
  readonly timeZone: string
  /** Name of the file that it is made from. */
  readonly source: string
  /** Longitude and latitude of what the file does not place. */
  readonly elsewhere: readonly [number, number]
}

/** Surfaces of the registry for the facilities of SWMM; what is not told apart is `other`. */
const SURFACES: Readonly<Record<string, string>> = {
  BC: 'green',
  RG: 'green',
  VS: 'green',
  GR: 'green-roof',
  PP: 'pervious-paving',
  RB: 'roof',
  RD: 'roof',
}

/**
 * A city's registry to begin with, YAML, from the inventory of a SWMM file: a zone and the catchments of each
 * outfall, unmetered, and a station with a rain gauge for each gauge. What no such file tells is a stand-in,
 * marked unverified or named in the comment at the top.
 */
export function inpCity(inventory: InpInventory, settings: InpCitySettings): string {
  const { cityId, timeZone, source, elsewhere } = settings
  const ids = idsOf([
    ...inventory.gauges.map(({ name }) => name),
    ...inventory.outfalls.map(({ name }) => name),
    ...inventory.subcatchments.map(({ name }) => name),
  ])
  const id = (name: string): string => ids.get(name) ?? name
  const provenance = { document: source, unverified: true }
  const since = new Date(inventory.startMs).toISOString()
  const used = inventory.outfalls.filter(({ name }) =>
    inventory.subcatchments.some(({ outfall }) => outfall === name),
  )
  const isLost = inventory.subcatchments.some(({ outfall }) => outfall === null)
  const zoneOf = (outfall: string | null): string =>
    outfall === null ? 'Z.no-outfall' : `Z.${id(outfall)}`
  const zones = [...used.map(({ name }) => name), ...(isLost ? [null] : [])]
  const place = (position: readonly [number, number] | null) => {
    const [lon, lat] = position ?? elsewhere
    return { lon, lat }
  }
  const registry = {
    format: 1,
    city: {
      id: cityId,
      name: named(cityId),
      timeZone,
      coordinateReference: 'WGS84',
      captureRatioZone: { zone: 'III', lowerBound: 0.75, provenance },
    },
    drainageZones: zones.map((outfall) => ({
      id: zoneOf(outfall),
      name: named(outfall ?? 'no outfall'),
      system: 'separate',
    })),
    catchments: inventory.subcatchments.map((own) => ({
      id: id(own.name),
      name: named(own.name),
      zone: zoneOf(own.outfall),
      area: { m2: own.areaM2, provenance },
      surfaces: surfacesOf(own),
      gauges: [
        { sensor: `${id(own.gauge === '*' ? firstGauge(inventory) : own.gauge)}.rain`, weight: 1 },
      ],
    })),
    outfalls: used.map(({ name, position }) => ({
      id: id(name),
      name: named(name),
      zone: zoneOf(name),
      catchments: inventory.subcatchments
        .filter(({ outfall }) => outfall === name)
        .map((own) => id(own.name)),
      metering: [{ state: 'unmetered', from: since }],
      ...(position === null ? {} : { position: place(position) }),
    })),
    stations: inventory.gauges.map(({ name, position }) => ({
      id: `ST.${id(name)}`,
      name: named(name),
      position: place(position),
    })),
    devices: inventory.gauges.map(({ name }) => ({
      id: id(name),
      station: `ST.${id(name)}`,
      model: 'senml-json',
      installedAt: since,
      sensors: [
        {
          id: `${id(name)}.rain`,
          field: 'rain',
          quantity: 'rain_depth',
          unit: 'mm',
          kind: { type: 'increment' },
          reporting: { type: 'periodic', intervalS: 300 },
        },
      ],
    })),
  }
  return `${heading(source)}${stringify(registry, { lineWidth: 100, aliasDuplicateObjects: false })}`
}

function heading(source: string): string {
  return [
    `A skeleton from ${source}. Areas, surfaces, outfalls and gauges are the model's. To be set by hand:`,
    'names, the zone of the capture ratio and its bound, systems of the zones, what is paved with what,',
    'payload families, units, intervals and dates of the devices, and meters.',
    '',
  ]
    .map((line) => `${`# ${line}`.trimEnd()}\n`)
    .join('')
}

function named(name: string) {
  return { zh: name, en: name }
}

function firstGauge({ gauges }: InpInventory): string {
  return gauges[0]?.name ?? ''
}

function surfacesOf(own: InpInventory['subcatchments'][number]) {
  const areas = new Map<string, number>([
    ['paving', own.imperviousM2],
    ['green', own.perviousM2],
  ])
  for (const [kind, areaM2] of own.facilities) {
    const surface = SURFACES[kind] ?? 'other'
    areas.set(surface, (areas.get(surface) ?? 0) + areaM2)
  }
  return [...areas].flatMap(([kind, areaM2]) =>
    areaM2 > 0 ? [{ kind, areaM2: rounded(areaM2) }] : [],
  )
}

/** Ids that the registry takes for names that SWMM took, each of its own. */
function idsOf(names: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of names) {
    if (ids.has(name)) continue
    const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
    const start = (plain === '' ? 'x' : plain).slice(0, 40)
    let id = start
    for (let count = 2; taken.has(id); count++) id = `${start}-${count}`
    taken.add(id)
    ids.set(name, id)
  }
  return ids
}
