import type { Catchment, Outfall, Registry } from '../city/registry.js'
import type { Window } from '../time.js'
import { isAccountedFor, sharingOutfalls } from './city-lookup.js'

/** How the water of a drainage zone can leave it, and what of that is known over a window. */
export interface ZoneOutfalls {
  /** Groups of outfalls sharing catchments, all metered or proven shut, draining this zone alone. */
  readonly metered: readonly (readonly Outfall[])[]
  /** Outfalls that are neither throughout the window. */
  readonly unmetered: readonly Outfall[]
  /** Outfalls that drain other zones, too: their water cannot be told apart. */
  readonly mixed: readonly Outfall[]
  /** Catchments of the zone that no outfall is said to drain. */
  readonly undrained: readonly Catchment[]
  /** Area of the zone's catchments outside the metered groups, m². */
  readonly unmeteredAreaM2: number
}

/** Sorts out the outfalls that belong to a zone or drain a catchment of it. */
export function zoneOutfalls(registry: Registry, zone: string, window: Window): ZoneOutfalls {
  const own = registry.catchments.filter((catchment) => catchment.zone === zone)
  const ownIds = new Set(own.map(({ id }) => id))
  const draining = registry.outfalls.filter(
    (outfall) => outfall.zone === zone || outfall.catchments.some((id) => ownIds.has(id)),
  )
  const metered: (readonly Outfall[])[] = []
  const unmetered: Outfall[] = []
  const mixed: Outfall[] = []
  const seen = new Set<string>()
  for (const outfall of draining) {
    if (seen.has(outfall.id)) continue
    const group = sharingOutfalls(registry, outfall)
    for (const { id } of group) seen.add(id)
    const unknown = group.filter((member) => !isAccountedFor(member, window))
    const foreign = group.filter((member) => member.catchments.some((id) => !ownIds.has(id)))
    unmetered.push(...unknown)
    mixed.push(...foreign)
    if (unknown.length === 0 && foreign.length === 0) metered.push(group)
  }
  const drained = new Set(draining.flatMap(({ catchments }) => catchments))
  const known = new Set(metered.flat().flatMap(({ catchments }) => catchments))
  return {
    metered,
    unmetered,
    mixed,
    undrained: own.filter(({ id }) => !drained.has(id)),
    unmeteredAreaM2: own
      .filter(({ id }) => !known.has(id))
      .reduce((sum, { area }) => sum + area.m2, 0),
  }
}
