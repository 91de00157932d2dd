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

/** What a topic means for a device, or null when it is none of its own. A vendor topic carries data. */
export function topicRole(registry: Registry, device: Device, topic: string): TopicRole | null {
  if (topic === device.vendorTopic) return 'up'
  for (const role of ['up', 'state', 'down'] as const) {
    if (topic === deviceTopic(registry.city.id, device.id, role)) return role
  }
  return null
}
