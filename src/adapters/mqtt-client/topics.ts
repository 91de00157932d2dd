import { deviceTopic } from '../../domain/city/device-topics.js'
import { isInShare, type Member } from '../../domain/city/member.js'
import type { Registry } from '../../domain/city/registry.js'

/**
 * The topic filters of a city: every device's own topics, known to the registry or not, so that
 * what an unlisted device sends is kept and refused by name instead of never being seen; and the
 * vendor topics that the registry maps.
 *
 * A member asks for the topics of its share by name: no filter of one member overlaps one of
 * another, so each message goes to one of them. What a device sends that no registry lists goes to
 * none.
 *
 * @param member null: this process alone has all devices
 */
export function topicFilters(registry: Registry, member: Member | null): readonly string[] {
  const { id: city } = registry.city
  const devices = registry.devices.filter(({ id }) => isInShare(id, member))
  const named = member === null ? ['+'] : devices.map(({ id }) => id)
  const filters = new Set(
    named.flatMap((id) => [deviceTopic(city, id, 'up'), deviceTopic(city, id, 'state')]),
  )
  for (const { vendorTopic } of devices) {
    if (vendorTopic !== undefined) filters.add(vendorTopic)
  }
  return [...filters]
}

/**
 * The device that a topic belongs to: whose vendor topic it is, else the one its own topic names.
 * An external broker does not tell who published, so its access rules must keep devices to their
 * topics.
 *
 * @returns '' for a topic that names none; the books keep it under that name and it is refused
 */
export function topicDevices(registry: Registry): (topic: string) => string {
  const vendors = new Map<string, string>()
  for (const { id, vendorTopic } of registry.devices) {
    if (vendorTopic !== undefined) vendors.set(vendorTopic, id)
  }
  const prefix = `rl/v1/${registry.city.id}/`
  return (topic) => {
    const vendor = vendors.get(topic)
    if (vendor !== undefined) return vendor
    if (!topic.startsWith(prefix)) return ''
    const end = topic.indexOf('/', prefix.length)
    return end < 0 ? '' : topic.slice(prefix.length, end)
  }
}
