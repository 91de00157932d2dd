import type { Registry } from '../domain/city/registry.js'

/** Something that an indicator is asked of, and where it lies. */
export interface SubjectPlace {
  readonly id: string
  /** Null for the whole city. */
  readonly zone: string | null
  readonly areaM2: number | null
}

/** Everything of a kind that the registry has. */
export function subjectsOf(
  registry: Registry,
  kind: 'zone' | 'outfall' | 'ponding-point' | 'catchment' | 'city',
): readonly SubjectPlace[] {
  switch (kind) {
    case 'zone':
      return registry.drainageZones.map(({ id }) => ({
        id,
        zone: id,
        areaM2: areaOfZone(registry, id),
      }))
    case 'outfall':
      return registry.outfalls.map(({ id, zone, catchments }) => ({
        id,
        zone,
        areaM2: areaOf(registry, (catchment) => catchments.includes(catchment.id)),
      }))
    case 'ponding-point':
      return registry.pondingPoints.map(({ id, zone }) => ({ id, zone, areaM2: null }))
    case 'catchment':
      return registry.catchments.map(({ id, zone, area }) => ({ id, zone, areaM2: area.m2 }))
    case 'city':
      return [{ id: registry.city.id, zone: null, areaM2: null }]
    default:
      return kind satisfies never
  }
}

/** Catchments of a zone together, m². */
export function areaOfZone(registry: Registry, zone: string): number {
  return areaOf(registry, (catchment) => catchment.zone === zone)
}

function areaOf(
  { catchments }: Registry,
  isIn: (catchment: Registry['catchments'][number]) => boolean,
): number {
  return catchments.filter(isIn).reduce((sum, { area }) => sum + area.m2, 0)
}
