import type { Device, Registry } from './registry.js'

/** What a topic of a device carries. */
export type TopicRole = 'up' | 'state' | 'down'

/**
 * The device's own topic for a role: `rl/v1/<city>/<device>/<role>`.
 * It stands in the domain because the registry defines it and three neighbours that do not know
 * each other need the same word: the broker's access rule, the projection and the simulators.
 */
export function deviceTopic(cityId: string, deviceId: string, role: TopicRole): string {
  return `rl/v1/${cityId}/${deviceId}/${role}`
}

/**
 * The topics of a device with what each means; any other is none of its own. A map, because it is
 * asked twice per message. A vendor topic carries data.
 */
export function topicRoles(registry: Registry, device: Device): ReadonlyMap<string, TopicRole> {
  const roles = new Map<string, TopicRole>()
  for (const role of ['down', 'state', 'up'] as const) {
    roles.set(deviceTopic(registry.city.id, device.id, role), role)
  }
  // Last, so that a vendor topic carries data whatever else it may look like.
  if (device.vendorTopic !== undefined) roles.set(device.vendorTopic, 'up')
  return roles
}
