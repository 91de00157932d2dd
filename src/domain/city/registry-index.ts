import { topicRoles, type TopicRole } from './device-topics.js'
import type {
  Catchment,
  Device,
  DrainageZone,
  Facility,
  Outfall,
  PondingPoint,
  Project,
  Registry,
  Sensor,
  Station,
} from './registry.js'

/** A registry by id: what others look up instead of searching lists. */
export interface RegistryIndex {
  /** By series id, with the device the sensor sits in. */
  readonly sensors: ReadonlyMap<string, { readonly sensor: Sensor; readonly device: Device }>
  readonly devices: ReadonlyMap<string, Device>
  readonly stations: ReadonlyMap<string, Station>
  readonly drainageZones: ReadonlyMap<string, DrainageZone>
  readonly projects: ReadonlyMap<string, Project>
  readonly catchments: ReadonlyMap<string, Catchment>
  readonly facilities: ReadonlyMap<string, Facility>
  readonly outfalls: ReadonlyMap<string, Outfall>
  readonly pondingPoints: ReadonlyMap<string, PondingPoint>
  readonly deviceByVendorTopic: ReadonlyMap<string, Device>
  /** By device id: what each of its topics means. */
  readonly topicRoles: ReadonlyMap<string, ReadonlyMap<string, TopicRole>>
  /** By catchment id; a catchment that no outfall drains has no entry. */
  readonly outfallsOfCatchment: ReadonlyMap<string, readonly Outfall[]>
  /** By zone id: outfalls that stand in the zone or drain one of its catchments. */
  readonly outfallsOfZone: ReadonlyMap<string, readonly Outfall[]>
}

/** Indexes a registry that passed its checks; ids are unique there. */
export function registryIndex(registry: Registry): RegistryIndex {
  const catchments = byId(registry.catchments)
  const outfallsOfCatchment = new Map<string, Outfall[]>()
  const outfallsOfZone = new Map<string, Outfall[]>()
  for (const outfall of registry.outfalls) {
    const zones = new Set([outfall.zone])
    for (const id of outfall.catchments) {
      listed(outfallsOfCatchment, id, outfall)
      const zone = catchments.get(id)?.zone
      if (zone !== undefined) zones.add(zone)
    }
    for (const zone of zones) listed(outfallsOfZone, zone, outfall)
  }

  const sensors = new Map<string, { sensor: Sensor; device: Device }>()
  const deviceByVendorTopic = new Map<string, Device>()
  for (const device of registry.devices) {
    for (const sensor of device.sensors) sensors.set(sensor.id, { sensor, device })
    if (device.vendorTopic !== undefined) deviceByVendorTopic.set(device.vendorTopic, device)
  }

  return {
    sensors,
    devices: byId(registry.devices),
    stations: byId(registry.stations),
    drainageZones: byId(registry.drainageZones),
    projects: byId(registry.projects),
    catchments,
    facilities: byId(registry.facilities),
    outfalls: byId(registry.outfalls),
    pondingPoints: byId(registry.pondingPoints),
    deviceByVendorTopic,
    topicRoles: new Map(
      registry.devices.map((device) => [device.id, topicRoles(registry, device)]),
    ),
    outfallsOfCatchment,
    outfallsOfZone,
  }
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((entry) => [entry.id, entry]))
}

function listed<T>(lists: Map<string, T[]>, key: string, entry: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [entry])
  else list.push(entry)
}
