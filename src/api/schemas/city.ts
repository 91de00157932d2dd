import { z } from 'zod'
import { registrySchema } from '../../domain/city/registry.js'
import { epochMs, sha256 } from './parts.js'

const registry = registrySchema.shape

const declaredPosition = z.strictObject({
  lon: z.number(),
  lat: z.number(),
  reference: registry.city.shape.coordinateReference,
})

/** A place on the map, with the coordinates that the registry declares beside it. */
const place = z
  .strictObject({
    lon: z.number().meta({ description: 'WGS 84, degrees' }),
    lat: z.number().meta({ description: 'WGS 84, degrees' }),
    declared: declaredPosition,
  })
  .meta({ id: 'Place' })

const outline = z
  .array(z.tuple([z.number(), z.number()]))
  .meta({ description: 'corners as [lon, lat], WGS 84' })

const registryVersionSchema = z
  .strictObject({
    sha256: sha256.meta({ description: 'over the canonical JSON (RFC 8785) of the registry' }),
    seq: z.int().meta({ description: 'journal entry that brought it' }),
    appliedMs: epochMs,
    person: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'RegistryVersion' })

/** The registry in force, in the registry's own words; only coordinates are converted. */
export const citySchema = z
  .strictObject({
    registry: registryVersionSchema,
    city: registry.city,
    drainageZones: z.array(registry.drainageZones.element.extend({ outline: outline.optional() })),
    projects: registry.projects.unwrap(),
    catchments: z.array(
      registry.catchments.unwrap().element.extend({ outline: outline.optional() }),
    ),
    facilities: z.array(
      registry.facilities.unwrap().element.extend({ position: place.optional() }),
    ),
    outfalls: z.array(registry.outfalls.unwrap().element.extend({ position: place.optional() })),
    pondingPoints: z.array(
      registry.pondingPoints.unwrap().element.extend({ position: place.optional() }),
    ),
    groundwater: registry.groundwater,
    heatIsland: registry.heatIsland,
    stations: z.array(registry.stations.element.extend({ position: place })),
    devices: registry.devices,
  })
  .meta({ id: 'City' })

export const citySourceSchema = z
  .strictObject({
    registry: registryVersionSchema,
    text: z.string().meta({ description: 'YAML' }),
  })
  .meta({ id: 'CitySource' })

export const cityChangeSchema = z
  .strictObject({
    changed: z.boolean().meta({ description: 'false: this content was in force already' }),
    version: registryVersionSchema,
  })
  .meta({ id: 'CityChange' })

export type City = z.output<typeof citySchema>
export type Place = z.output<typeof place>
export type ServedVersion = z.output<typeof registryVersionSchema>
