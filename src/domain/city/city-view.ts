import {
  entries,
  sensorsOf,
  type Draft,
  type PlacedSensor,
  type RegistryDraft,
} from './registry-draft.js'
import type { Registry } from './registry.js'

/** The sections whose entries are referred to by id. */
export const SECTIONS = {
  drainageZones: 'drainage zone',
  projects: 'project',
  catchments: 'catchment',
  facilities: 'facility',
  outfalls: 'outfall',
  pondingPoints: 'ponding point',
  stations: 'station',
  devices: 'device',
} as const

export type Section = keyof typeof SECTIONS

export const SECTION_NAMES = Object.keys(SECTIONS) as readonly Section[]

type DraftMaps = {
  readonly [S in Section]: ReadonlyMap<string, Draft<Registry[S][number]>>
}

/** A draft with its entries by id; of two with one id the first. */
export interface CityView extends DraftMaps {
  readonly registry: RegistryDraft
  readonly sensors: ReadonlyMap<string, PlacedSensor>
}

/** Two ids of one section that are both there and differ; an absent one is a fault of its own already. */
export function differ(
  city: CityView,
  section: Section,
  a: string | undefined,
  b: string | undefined,
): boolean {
  if (a === undefined || b === undefined || a === b) return false
  return city[section].has(a) && city[section].has(b)
}

export function cityView(registry: RegistryDraft): CityView {
  const sensors = new Map<string, PlacedSensor>()
  for (const placed of sensorsOf(registry)) {
    const { id } = placed.sensor
    if (id !== undefined && !sensors.has(id)) sensors.set(id, placed)
  }
  return {
    registry,
    sensors,
    drainageZones: byId(registry.drainageZones),
    projects: byId(registry.projects),
    catchments: byId(registry.catchments),
    facilities: byId(registry.facilities),
    outfalls: byId(registry.outfalls),
    pondingPoints: byId(registry.pondingPoints),
    stations: byId(registry.stations),
    devices: byId(registry.devices),
  }
}

function byId<T extends { readonly id?: string | undefined }>(
  list: readonly (T | undefined)[] | undefined,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const [, entry] of entries(list)) {
    if (entry.id !== undefined && !found.has(entry.id)) found.set(entry.id, entry)
  }
  return found
}
