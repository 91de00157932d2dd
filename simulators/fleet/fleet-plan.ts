import type { Registry } from '../../src/domain/city/registry.js'
import { SECOND_MS } from '../../src/domain/time.js'
import { devicePlan, type DevicePlan } from './device-plan.js'
import type { Scenario } from './scenario.js'
import { weatherOf, type Weather } from './truth.js'
import { BadFile } from './yaml-faults.js'

/** A scenario laid over a registry and a calendar: all that is to be sent follows from it. */
export interface FleetPlan {
  readonly scenario: Scenario
  readonly registry: Registry
  readonly weather: Weather
  readonly startMs: number
  readonly endMs: number
  /** Devices with a clock of their own; what others send is stamped on arrival and cannot be told before. */
  readonly devices: readonly DevicePlan[]
  /** Messages that will be made, about: of the copies what chance gives on average. */
  readonly messages: number
}

/** Values that are held in memory at most, as two columns of 8 bytes each. */
const MOST_READINGS = 20_000_000

/** @throws BadFile for what can only be known with the registry and the present */
export function fleetPlan(scenario: Scenario, registry: Registry, nowMs: number): FleetPlan {
  const { start, durationS, stepS, pace } = scenario.time
  const steps = Math.floor(durationS / stepS)
  const inPast = pace === 'asFastAsAcked' || pace.realTimeFactor > 1
  const stepMs = stepS * SECOND_MS
  const startMs =
    start !== undefined
      ? Date.parse(start)
      : inPast
        ? Math.floor(nowMs / stepMs) * stepMs - steps * stepMs
        : nowMs
  const endMs = startMs + steps * stepMs
  const faults: string[] = []
  if (steps < 1) faults.push(`time: no step of ${stepS} s ends within ${durationS} s`)
  if (inPast && endMs > nowMs) {
    const ends = new Date(endMs).toISOString()
    faults.push(`time.start: the scenario ends at ${ends}, but values after now are refused`)
  }
  const devices = registry.devices
    .filter(({ clock }) => clock === 'own')
    .map((device) => devicePlan(scenario, device, startMs))
  if (devices.length === 0) faults.push('city: no device with a clock of its own')
  for (const { device, clockResets } of devices) {
    if (clockResets.length > 0 && Date.parse(device.installedAt) < Date.UTC(2002, 0, 1)) {
      faults.push(
        `network: ${device.id} stands since ${device.installedAt}, so values stamped 2000 after a reboot would be kept; let it be installed after 2001`,
      )
    }
  }
  const sensors = devices.reduce((sum, { device }) => sum + device.sensors.length, 0)
  if (sensors * steps > MOST_READINGS) {
    faults.push(`time: ${sensors} sensors × ${steps} steps are more than ${MOST_READINGS} readings`)
  }
  const messages = devices.reduce((sum, plan) => {
    const made = Math.ceil(steps / plan.readingsPerMessage)
    const twice = Math.max(0, ...plan.duplicates.map(({ share }) => share))
    return sum + Math.ceil(made * (1 + twice))
  }, 0)
  if (messages > scenario.limits.messages) {
    faults.push(`limits.messages: about ${messages} would be made, ${scenario.limits.messages} may`)
  }
  if (faults.length > 0) throw new BadFile(faults.join('\n'))
  const weather = weatherOf(scenario.seed, startMs, stepS, steps)
  return { scenario, registry, weather, startMs, endMs, devices, messages }
}
