import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { stringify } from 'yaml'
import { registrySchema, type Registry } from '../../src/domain/city/registry.js'
import { DEVICE_KINDS } from './device-kinds.js'
import type { Scenario } from './scenario.js'
import { BadFile, readYamlFile } from './yaml-faults.js'

/** A registry and its text, for `rainledger up --city`. */
export interface FleetCity {
  readonly registry: Registry
  text(): string
}

/** Devices of generated cities stand since then. */
const INSTALLED_AT = '2020-01-01T00:00:00Z'

/**
 * The city a scenario names: a file beside it, or one made of groups of devices.
 *
 * @param scenarioFile where the scenario stands
 * @throws BadFile
 */
export async function fleetCity(scenario: Scenario, scenarioFile: string): Promise<FleetCity> {
  const { file, generate } = scenario.city
  if (file !== undefined) {
    const path = resolve(dirname(scenarioFile), file)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      throw new BadFile(`${scenarioFile}: city.file: ${why}`)
    })
    return { registry: readYamlFile(path, text, registrySchema), text: () => text }
  }
  if (generate === undefined) throw new BadFile(`${scenarioFile}: city: either file or generate`)
  const made = generatedRegistry(generate, scenario.time.stepS)
  return {
    registry: registrySchema.parse(made),
    text: () => stringify(made, { aliasDuplicateObjects: false }),
  }
}

function generatedRegistry(
  { id, timeZone, groups }: NonNullable<Scenario['city']['generate']>,
  stepS: number,
): unknown {
  const devices = groups.flatMap(({ prefix, count, kind, model }) =>
    Array.from({ length: count }, (_, index) => {
      const device = `${prefix}-${String(index + 1).padStart(String(count).length, '0')}`
      return {
        ...{ id: device, station: 'ST', model, installedAt: INSTALLED_AT },
        sensors: DEVICE_KINDS[kind].map((sensor) => ({
          id: `${device}.${sensor.field}`,
          ...sensor,
          reporting: { type: 'periodic', intervalS: stepS },
        })),
      }
    }),
  )
  return {
    format: 1,
    city: {
      ...{ id, timeZone, coordinateReference: 'CGCS2000' },
      name: { zh: '模拟城市', en: 'Simulated city' },
      captureRatioZone: {
        ...{ zone: 'III', lowerBound: 0.75 },
        provenance: { document: 'made up for a simulation' },
      },
    },
    drainageZones: [{ id: 'Z', name: { zh: '排水分区', en: 'Zone' }, system: 'separate' }],
    stations: [{ id: 'ST', name: { zh: '站', en: 'Station' }, position: { lon: 114, lat: 30 } }],
    devices,
  }
}
