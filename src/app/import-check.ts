import { z } from 'zod'
import type { FileFault, Mapping } from '../adapters/csv-file/index.js'
import { QUANTITIES, QUANTITY_NAMES } from '../domain/quantity.js'
import { convertible } from '../domain/units.js'
import type { ImportRow } from '../ports/intake.js'
import type { YamlReading } from './yaml-text.js'
import type { ServiceClient } from './service-client.js'

const citySchema = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      installedAt: z.string().transform((text) => Date.parse(text)),
      removedAt: z
        .string()
        .transform((text) => Date.parse(text))
        .optional(),
      sensors: z.array(
        z.object({ id: z.string(), quantity: z.enum(QUANTITY_NAMES), unit: z.string() }),
      ),
    }),
  ),
})

type DeviceInForce = z.output<typeof citySchema>['devices'][number]
type SensorInForce = DeviceInForce['sensors'][number] & { readonly device: DeviceInForce }

/** The sensors of the registry in force, by id. */
export type SensorsInForce = ReadonlyMap<string, SensorInForce>

export async function sensorsInForce(service: ServiceClient): Promise<SensorsInForce> {
  const { devices } = citySchema.parse(await service.send('GET', '/city'))
  return new Map(
    devices.flatMap((device) =>
      device.sensors.map((sensor) => [sensor.id, { ...sensor, device }] as const),
    ),
  )
}

/** What a mapping asks of the registry in force that it does not have; every fault at once. */
export function mappingFaults(
  { value: mapping, fault }: Extract<YamlReading<Mapping>, { ok: true }>,
  sensors: SensorsInForce,
): FileFault[] {
  return mapping.values.flatMap(({ sensor: id, unit }, index) => {
    const sensor = sensors.get(id)
    if (sensor === undefined) {
      const known = [...sensors.keys()].slice(0, 10).join(', ')
      const message = `the registry has no sensor ${id}; it has ${known}${sensors.size > 10 ? ', …' : ''}`
      return fault({ path: ['values', index, 'sensor'], message })
    }
    if (unit === undefined || convertible(unit, sensor.quantity)) return []
    const message = `"${unit}" is no unit of ${sensor.quantity}; write its UCUM code, such as ${sensor.unit} or ${QUANTITIES[sensor.quantity].unit}`
    return fault({ path: ['values', index, 'unit'], message })
  })
}

/** Finds times that the service would refuse: told before anything is sent, because nothing can be unsent. */
export interface TimeCheck {
  look(row: ImportRow): void
  /** Values with such a time. */
  count(): number
  /** One sentence per sensor and reason. */
  sentences(): readonly string[]
}

/** @param nowMs a historical record has nothing after it, UTC epoch ms */
export function timeCheck(sensors: SensorsInForce, nowMs: number): TimeCheck {
  const found = new Map<string, { values: number; readonly firstMs: number }>()
  let count = 0
  return {
    look({ sensor, atMs }) {
      const device = sensors.get(sensor)?.device
      if (device === undefined) return
      const why = reason(device, atMs, nowMs)
      if (why === null) return
      count++
      const what = `${why} (${sensor})`
      const known = found.get(what)
      if (known === undefined) found.set(what, { values: 1, firstMs: atMs })
      else known.values++
    },
    count: () => count,
    sentences: () =>
      [...found].map(
        ([what, { values, firstMs }]) =>
          `${values} values from ${new Date(firstMs).toISOString()} on are ${what}`,
      ),
  }
}

function reason(device: DeviceInForce, atMs: number, nowMs: number): string | null {
  const { id, installedAt, removedAt } = device
  if (atMs > nowMs) return 'in the future'
  if (atMs < installedAt) {
    return `before device ${id} was installed at ${new Date(installedAt).toISOString()}`
  }
  if (removedAt !== undefined && atMs > removedAt) {
    return `after device ${id} was removed at ${new Date(removedAt).toISOString()}`
  }
  return null
}
