import type { Device, Registry, Sensor } from '../../src/domain/city/registry.js'
import { dailyInstants, localTime } from '../../src/domain/local-time.js'
import { QUANTITIES } from '../../src/domain/quantity.js'
import { SECOND_MS } from '../../src/domain/time.js'
import { conversion } from '../../src/domain/units.js'
import { saggingVoltage } from '../sensors/apply-fault.js'
import { counted } from '../sensors/counter.js'
import type { Fault } from '../sensors/fault.js'
import { instrument, type Reported } from '../sensors/instrument.js'
import type { FaultEntry, Signal } from '../sensors/readings.js'
import { tippedRain } from '../sensors/tipping-bucket.js'
import { isMeant, type Scenario } from './scenario.js'
import { truthOf, type Weather } from './truth.js'

/** Depth of a tip where the registry gives none, mm; the smallest of common gauges. */
const PER_TIP_MM = 0.1
/** Places after the point that a device writes. */
const DECIMALS = 4

/**
 * What a sensor says over a whole scenario, in the sensor's own unit: the truth as its kind shows
 * it (depths of tips, a counter, a state), then its faults in the order of the scenario.
 */
export function sensorReadings(
  scenario: Scenario,
  { city }: Registry,
  weather: Weather,
  device: Device,
  sensor: Sensor,
): Reported {
  const meant = scenario.sensors.filter(({ sensors }) => isMeant(sensors, sensor.id))
  const truth = inUnitOf(sensor, truthOf(weather, sensor.id, sensor.quantity))
  const first = firstFaults(sensor, truth, weather.startMs, meant, city.timeZone)
  const faults = meant.flatMap((one) => one.faults)
  const seen =
    sensor.quantity === 'voltage'
      ? saggingVoltage(first.signal, faultsOfDevice(scenario, device), weather.startMs)
      : first.signal
  const reported = instrument(seen, sensor.id, faults, weather.chance, weather.startMs)
  return {
    readings: { ...reported.readings, value: reported.readings.value.map(written) },
    faults: [...first.faults, ...reported.faults],
  }
}

/** A battery is the device's: its voltage shows what makes the device's other values drop out. */
function faultsOfDevice(scenario: Scenario, device: Device): readonly Fault[] {
  const meant = scenario.sensors.filter(({ sensors }) =>
    device.sensors.some(({ id }) => isMeant(sensors, id)),
  )
  return meant.flatMap(({ faults }) => faults)
}

interface FirstStage {
  readonly signal: Signal
  readonly faults: readonly FaultEntry[]
}

/** Bucket and register, which stand before everything electrical. */
function firstFaults(
  sensor: Sensor,
  truth: Signal,
  startMs: number,
  meant: Scenario['sensors'],
  timeZone: string,
): FirstStage {
  const { kind, id } = sensor
  if (QUANTITIES[sensor.quantity].measure === 'state') return { signal: truth, faults: [] }
  const { atMs } = truth
  const gain = conversion(sensor.unit, sensor.quantity)?.gain ?? 1
  const perTip = kind.type === 'tip' ? kind.perTip : PER_TIP_MM / gain
  const clogging = meant.flatMap((one) => one.clogging)
  const bucket =
    sensor.quantity === 'rain_depth'
      ? tippedRain(truth, id, { perTip, clogging, startMs })
      : { amount: truth.value, tips: null, faults: [] }
  if (kind.type === 'tip' && bucket.tips !== null) {
    return { signal: { atMs, value: Float64Array.from(bucket.tips) }, faults: bucket.faults }
  }
  const increments = { atMs, value: bucket.amount }
  if (kind.type !== 'counter') return { signal: increments, faults: bucket.faults }

  const lastMs = atMs.at(-1) ?? startMs
  const resets =
    kind.resetLocalHour === undefined
      ? []
      : dailyInstants(localTime(timeZone), kind.resetLocalHour, startMs, lastMs)
  const reboots = meant
    .flatMap((one) => one.counterZeroedAtS)
    .map((second) => startMs + second * SECOND_MS)
  const zeroedAtMs = [...resets, ...reboots].sort((a, b) => a - b)
  const rollOver = kind.rollOver ?? null
  const faults = reboots.map((fromMs) => ({
    ...{ kind: 'counter-zeroed', sensor: id, fromMs, toMs: fromMs, rows: 1, parameters: {} },
  }))
  return {
    signal: counted(increments, { zeroedAtMs, rollOver, begins: 0 }, DECIMALS),
    faults: [...bucket.faults, ...faults],
  }
}

/** From the quantity's internal unit to the one the device speaks. */
function inUnitOf(sensor: Sensor, { atMs, value }: Signal): Signal {
  const toInternal = conversion(sensor.unit, sensor.quantity)
  if (toInternal === null) throw new Error(`${sensor.id} has unit ${sensor.unit}, which is unknown`)
  const { gain, offset } = toInternal
  return { atMs, value: value.map((one) => (one - offset) / gain) }
}

function written(value: number): number {
  const scale = 10 ** DECIMALS
  return Math.round(value * scale) / scale
}
