import { topicRoles, type TopicRole } from '../domain/city/device-topics.js'
import type { Device, Registry, Sensor } from '../domain/city/registry.js'

interface CalibrationSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly gain: number
  readonly offset: number
}

/** A sensor with what every one of its observations needs, worked out once per registry version. */
export interface TabledSensor {
  readonly sensor: Sensor
  /** Span of one value when the payload does not say, ms; 0 for instants. */
  readonly defaultSpanMs: number
  readonly calibrations: readonly CalibrationSpan[]
}

export interface TabledDevice {
  readonly device: Device
  /** What each of its topics means. */
  readonly roles: ReadonlyMap<string, TopicRole>
  readonly installedMs: number
  readonly removedMs: number
  /** Same bytes within this time are one message, ms; 0 for devices with a clock. */
  readonly copyWindowMs: number
  readonly sensors: readonly TabledSensor[]
  /** By field and by id. */
  readonly byName: ReadonlyMap<string, TabledSensor>
}

export type DeviceTable = ReadonlyMap<string, TabledDevice>

/** The registry as the projection uses it: times parsed, names looked up in one step. */
export function deviceTable(registry: Registry): DeviceTable {
  return new Map(registry.devices.map((device) => [device.id, tabledDevice(registry, device)]))
}

function tabledDevice(registry: Registry, device: Device): TabledDevice {
  const sensors = device.sensors.map(tabledSensor)
  const byName = new Map<string, TabledSensor>()
  for (const tabled of sensors) byName.set(tabled.sensor.id, tabled)
  for (const tabled of sensors) byName.set(tabled.sensor.field, tabled)
  return {
    device,
    roles: topicRoles(registry, device),
    installedMs: Date.parse(device.installedAt),
    removedMs: device.removedAt === undefined ? Infinity : Date.parse(device.removedAt),
    copyWindowMs: device.clock === 'none' ? device.copyWindowS * 1000 : 0,
    sensors,
    byName,
  }
}

function tabledSensor(sensor: Sensor): TabledSensor {
  const covers = sensor.kind.type === 'increment' || sensor.kind.type === 'interval-mean'
  return {
    sensor,
    defaultSpanMs:
      covers && sensor.reporting.type === 'periodic'
        ? Math.round(sensor.reporting.intervalS * 1000)
        : 0,
    calibrations: sensor.calibrations.map((period) => ({
      fromMs: Date.parse(period.from),
      toMs: period.to === undefined ? Infinity : Date.parse(period.to),
      gain: period.gain,
      offset: period.offset,
    })),
  }
}

/** The value with the calibration in force at its time; unchanged when none is. */
export function calibrated(tabled: TabledSensor, atMs: number, value: number): number {
  for (const span of tabled.calibrations) {
    if (span.fromMs <= atMs && atMs < span.toMs) return value * span.gain + span.offset
  }
  return value
}
