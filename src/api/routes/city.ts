import { z } from 'zod'
import type { RegistryFault, RegistryVersion } from '../../ports/city-registry.js'
import type { Api, ApiParts, CoordinateReference } from '../parts.js'
import { ProblemError, problemResponses } from '../problem.js'
import {
  cityChangeSchema,
  citySchema,
  citySourceSchema,
  type City,
  type Place,
  type ServedVersion,
} from '../schemas/city.js'

/** A registry of a large city is some hundred kilobytes of YAML. */
const REGISTRY_BYTES = 8 * 1024 * 1024
const YAML_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml', 'text/plain'] as const

/** The city registry: read by anybody, replaced whole by an administrator. */
export function cityRoutes(api: Api, parts: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/city',
    config: { role: 'reader' },
    schema: {
      tags: ['city'],
      summary: 'The registry in force, coordinates in WGS 84',
      querystring: z.strictObject({}),
      response: { 200: citySchema, ...problemResponses },
    },
    handler: () => servedCity(parts.registry.current(), parts.toWgs84),
  })

  api.route({
    method: 'GET',
    url: '/api/v1/city/source',
    config: { role: 'reader' },
    schema: {
      tags: ['city'],
      summary: 'The text of the registry in force, as it was applied',
      querystring: z.strictObject({}),
      response: { 200: citySourceSchema, ...problemResponses },
    },
    handler: () => {
      const version = parts.registry.current()
      return { registry: servedVersion(version), text: version.text }
    },
  })

  api.addContentTypeParser(
    [...YAML_TYPES],
    { parseAs: 'string', bodyLimit: REGISTRY_BYTES },
    (_request, body, done) => done(null, body),
  )
  api.route({
    method: 'PUT',
    url: '/api/v1/city',
    config: { role: 'administrator', accepts: YAML_TYPES },
    bodyLimit: REGISTRY_BYTES,
    schema: {
      tags: ['city'],
      summary: 'Replace the registry, without a restart',
      description:
        'The body is the whole registry as YAML. It is checked whole; when it has faults, all are listed with line and remedy (422) and nothing changes.',
      security: [{ token: [] }],
      consumes: [...YAML_TYPES],
      querystring: z.strictObject({
        person: z.string().min(1).max(200).meta({ description: 'who applies it' }),
        reason: z.string().min(1).max(1000).meta({ description: 'why' }),
      }),
      body: z.string('the registry as YAML text').min(1, 'the registry as YAML text'),
      response: { 200: cityChangeSchema, ...problemResponses },
    },
    handler: async (request) => {
      const change = await parts.registry.apply({ text: request.body, ...request.query })
      if (!change.ok) throw rejected(change.faults)
      return { changed: change.changed, version: servedVersion(change.version) }
    },
  })
}

function rejected(faults: readonly RegistryFault[]): ProblemError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  return new ProblemError(
    'city_rejected',
    `The registry has ${count}; nothing was changed.`,
    faults.map(({ file, line, path, message, remedy }) => ({
      field: path,
      value: message,
      expected: remedy,
      ...(file === undefined ? {} : { file }),
      ...(line === null ? {} : { line }),
    })),
  )
}

function servedVersion(version: RegistryVersion): ServedVersion {
  const { sha256, seq, arrivalMs, person, reason } = version
  return { sha256, seq, appliedMs: arrivalMs, person, reason }
}

interface DeclaredPosition {
  readonly lon: number
  readonly lat: number
  readonly reference?: CoordinateReference | undefined
}

function servedCity(version: RegistryVersion, toWgs84: ApiParts['toWgs84']): City {
  const { registry } = version
  const { groundwater, heatIsland } = registry
  const cityReference = registry.city.coordinateReference

  function place(position: DeclaredPosition): Place {
    const reference = position.reference ?? cityReference
    const { lon, lat } = toWgs84(position, reference)
    return { lon, lat, declared: { lon: position.lon, lat: position.lat, reference } }
  }
  function placed<T extends { readonly position?: DeclaredPosition | undefined }>(
    thing: T,
  ): Omit<T, 'position'> & { position?: Place } {
    const { position, ...rest } = thing
    return position === undefined ? rest : { ...rest, position: place(position) }
  }
  function outlined<T extends { readonly outline?: [number, number][] | undefined }>(
    thing: T,
  ): Omit<T, 'outline'> & { outline?: [number, number][] } {
    const { outline, ...rest } = thing
    if (outline === undefined) return rest
    return {
      ...rest,
      outline: outline.map(([lon, lat]): [number, number] => {
        const corner = toWgs84({ lon, lat }, cityReference)
        return [corner.lon, corner.lat]
      }),
    }
  }

  return {
    registry: servedVersion(version),
    city: registry.city,
    drainageZones: registry.drainageZones.map(outlined),
    projects: registry.projects,
    catchments: registry.catchments.map(outlined),
    facilities: registry.facilities.map(placed),
    outfalls: registry.outfalls.map(placed),
    pondingPoints: registry.pondingPoints.map(placed),
    ...(groundwater === undefined ? {} : { groundwater }),
    ...(heatIsland === undefined ? {} : { heatIsland }),
    stations: registry.stations.map((station) => ({
      ...station,
      position: place(station.position),
    })),
    devices: registry.devices,
  }
}
