import type { CityFault, CityPath } from '../city-fault.js'
import type { CityView } from '../city-view.js'
import { nearest } from '../nearest.js'
import { entries, type DeviceDraft } from '../registry-draft.js'

/** The namespace of the devices' own topics (device-topics.ts). */
const OWN_NAMESPACE = 'rl/'

/** Longest topic name, bytes of UTF-8 [MQTT-4.7.3-3]. */
const LONGEST_TOPIC_BYTES = 65_535

/** Devices decode with a known model, live forwards, and own their topics alone. */
export function deviceFaults(
  { registry }: CityView,
  models: readonly string[] | undefined,
): CityFault[] {
  const faults: CityFault[] = []
  const owners = new Map<string, string>()
  for (const [index, device] of entries(registry.devices)) {
    const path = ['devices', index]
    faults.push(...modelFaults(device, path, models), ...lifeFaults(device, path))

    const { vendorTopic } = device
    if (vendorTopic === undefined) continue
    faults.push(...topicFaults(vendorTopic, [...path, 'vendorTopic']))
    const owner = owners.get(vendorTopic)
    if (owner !== undefined) {
      faults.push({
        path: [...path, 'vendorTopic'],
        message: `the topic "${vendorTopic}" belongs to device "${owner}" already`,
        remedy: 'map each topic to one device; set another topic in one of the two',
      })
    } else {
      owners.set(vendorTopic, device.id ?? `devices[${index}]`)
    }
  }
  return faults
}

function modelFaults(
  { model }: DeviceDraft,
  path: CityPath,
  models: readonly string[] | undefined,
): CityFault[] {
  if (model === undefined || models === undefined || models.includes(model)) return []
  const meant = nearest(model, models)
  return [
    {
      path: [...path, 'model'],
      message: `there is no device model "${model}"`,
      remedy:
        meant === null
          ? `write one of the known models: ${models.join(', ')}`
          : `write ${meant} (known: ${models.join(', ')})`,
    },
  ]
}

function lifeFaults({ installedAt, removedAt }: DeviceDraft, path: CityPath): CityFault[] {
  if (installedAt === undefined || removedAt === undefined) return []
  if (Date.parse(installedAt) < Date.parse(removedAt)) return []
  return [
    {
      path: [...path, 'removedAt'],
      message: `the device was removed ${removedAt}, not after it was installed ${installedAt}`,
      remedy: 'exchange or correct the two instants',
    },
  ]
}

/** A vendor topic is one topic name one may publish to, outside the product's own namespace. */
function topicFaults(topic: string, path: CityPath): CityFault[] {
  // [MQTT-3.3.2-2] a topic name in a PUBLISH holds no wildcards.
  if (/[+#]/.test(topic)) {
    return [
      {
        path,
        message: `the topic "${topic}" holds a wildcard; nobody can publish to it`,
        remedy: 'write the one full topic of this device, without + and #',
      },
    ]
  }
  // [MQTT-4.7.2-1] topics that begin with $ are the broker's; [MQTT-4.7.3-2] no null character.
  if (topic.startsWith('$') || topic.includes('\0')) {
    return [
      {
        path,
        message: 'the topic begins with $ or holds a null character; brokers do not pass it on',
        remedy: 'set another topic in the device',
      },
    ]
  }
  if (topic.startsWith(OWN_NAMESPACE)) {
    return [
      {
        path,
        message: `the topic "${topic}" lies in the namespace of the devices’ own topics`,
        remedy: 'leave vendorTopic out: rl/v1/<city>/<device>/up is open to the device anyway',
      },
    ]
  }
  if (new TextEncoder().encode(topic).length > LONGEST_TOPIC_BYTES) {
    return [
      {
        path,
        message: `the topic is longer than ${LONGEST_TOPIC_BYTES} bytes`,
        remedy: 'set a shorter topic in the device',
      },
    ]
  }
  return []
}
