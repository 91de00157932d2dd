import { deviceTopic } from '../../domain/city/device-topics.js'
import type { RegistryVersion } from '../../ports/city-registry.js'

/** Why a connection or a topic was refused, for the log. */
export interface Denial {
  readonly reason: string
}

/** What access is judged by. */
export type AccessRegistry = Pick<RegistryVersion, 'registry' | 'index'>

/** Who may use which client id and which topics; each answers null when it may be. */
export interface DeviceAccess {
  isKnown(device: string): boolean
  /** @param holder the device that now uses the client id, undefined when nobody does */
  clientId(device: string, clientId: string, holder: string | undefined): Denial | null
  publish(device: string, topic: string): Denial | null
  subscribe(device: string, filter: string): Denial | null
}

/** @param inForce asked every time, so that a change of the registry needs no restart */
export function registryAccess(inForce: () => AccessRegistry): DeviceAccess {
  return {
    isKnown: (device) => inForce().index.devices.has(device),
    clientId: (device, clientId, holder) => clientIdDenial(inForce(), device, clientId, holder),
    publish: (device, topic) => publishDenial(inForce(), device, topic),
    subscribe: (device, filter) => subscribeDenial(inForce(), device, filter),
  }
}

/**
 * Whether a device may use a client id. A broker hands a session over to whoever connects next with
 * the same client id [MQTT-3.1.4-2], so one device must not be able to name another's.
 */
function clientIdDenial(
  { index }: AccessRegistry,
  device: string,
  clientId: string,
  holder: string | undefined,
): Denial | null {
  if (holder !== undefined && holder !== device) {
    return { reason: `client id ${clientId} is in use by another device` }
  }
  if (clientId !== device && index.devices.has(clientId)) {
    return { reason: `client id ${clientId} is the id of another device` }
  }
  return null
}

/** A device publishes data and state on its own topics and nowhere else. */
function publishDenial(
  { registry, index }: AccessRegistry,
  device: string,
  topic: string,
): Denial | null {
  const roles = index.topicRoles.get(device)
  if (roles === undefined) return { reason: `device ${device} is not in the registry` }
  const role = roles.get(topic)
  if (role === 'up' || role === 'state') return null
  const own = deviceTopic(registry.city.id, device, 'up')
  return { reason: `topic ${topic} is not one that ${device} may publish to; its own is ${own}` }
}

/** A device reads its own commands and nothing else; wildcards would read others'. */
function subscribeDenial(
  { registry }: AccessRegistry,
  device: string,
  filter: string,
): Denial | null {
  const own = deviceTopic(registry.city.id, device, 'down')
  if (filter === own) return null
  return { reason: `topic filter ${filter} is not one that ${device} may read; its own is ${own}` }
}
