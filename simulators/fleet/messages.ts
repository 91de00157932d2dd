import type { DecodedRecord } from '../../src/ports/device-model.js'
import type { Chance } from '../random.js'
import type { FaultEntry, Readings } from '../sensors/readings.js'
import type { DevicePlan } from './device-plan.js'
import { malformed, type MalformedKind } from './malformed.js'
import { sensorReadings } from './sensor-readings.js'
import type { FleetPlan } from './fleet-plan.js'

/** One message of a device, and what the receiver will make of it. */
export interface Message {
  /** Counts from 0 per device; a copy has the number of its original. */
  readonly number: number
  /** When it is ready to be sent, time of the scenario, UTC epoch ms. */
  readonly dueMs: number
  readonly payload: Uint8Array
  /** null: well formed. */
  readonly malformed: MalformedKind | null
  /** Observations that are kept when they come for the first time. */
  readonly good: number
  /** Observations that are refused one by one. */
  readonly refused: number
  readonly isCopy: boolean
  /** It, or what it says, is sent more than once. */
  readonly comesAgain: boolean
  /** Its first PUBACK is lost with the line. */
  readonly losesAck: boolean
}

/** The clock of a device that has forgotten the time. */
const CLOCK_RESET_MS = Date.UTC(2000, 0, 1)

/**
 * What a device sends, in its order: packs of readings, some spoilt, some twice, some mixed. A
 * function of scenario and device alone: neither the network nor other devices change a byte.
 *
 * @param onFault told of every fault of its sensors, before the first message
 */
export function* deviceMessages(
  fleet: FleetPlan,
  plan: DevicePlan,
  onFault: (fault: FaultEntry) => void = () => undefined,
): Generator<Message, void> {
  const { chance } = fleet.weather
  const { id } = plan.device
  const later: { readonly afterNumber: number; readonly message: Message }[] = []
  for (const message of mixed(packs(fleet, plan, onFault), plan.mixedWithin, id, chance)) {
    const { number } = message
    const twice =
      message.malformed === null
        ? plan.duplicates.find(({ share }) => chance.uniform(id, 'duplicate', number) < share)
        : undefined
    if (twice === undefined) {
      yield message
    } else {
      const original = { ...message, comesAgain: true }
      yield original
      const copy = { ...original, isCopy: true, losesAck: false }
      later.push({ afterNumber: number + twice.laterByMessages, message: copy })
    }
    for (let at = 0; at < later.length;) {
      const waiting = later[at]
      if (waiting === undefined || waiting.afterNumber > number) {
        at++
        continue
      }
      later.splice(at, 1)
      yield { ...waiting.message, dueMs: message.dueMs }
    }
  }
  const endMs = fleet.endMs
  for (const { message } of later) yield { ...message, dueMs: endMs }
}

/** Blocks of messages in any order; the block is sent when its last message is ready. */
function* mixed(
  messages: Iterable<Message>,
  within: number,
  device: string,
  chance: Chance,
): Generator<Message, void> {
  if (within === 1) {
    yield* messages
    return
  }
  let block: Message[] = []
  function* shuffled(): Generator<Message, void> {
    const dueMs = block.at(-1)?.dueMs ?? 0
    const keyed = block.map((message) => ({
      message,
      key: chance.uniform(device, 'order', message.number),
    }))
    for (const { message } of keyed.sort((a, b) => a.key - b.key)) yield { ...message, dueMs }
    block = []
  }
  for (const message of messages) {
    block.push(message)
    if (block.length === within) yield* shuffled()
  }
  yield* shuffled()
}

interface Column {
  readonly field: string
  readonly unit: string | null
  readonly stampMs: Float64Array
  readonly value: Float64Array
  /** Rows whose stamp the sensor has given before: a logger keeps one value per stamp. */
  readonly isRepeated: (row: number) => boolean
}

function* packs(
  fleet: FleetPlan,
  plan: DevicePlan,
  onFault: (fault: FaultEntry) => void,
): Generator<Message, void> {
  const { weather } = fleet
  const { device, readingsPerMessage } = plan
  const columns = device.sensors.map((sensor): Column => {
    const { readings, faults } = sensorReadings(
      fleet.scenario,
      fleet.registry,
      weather,
      device,
      sensor,
    )
    for (const fault of [...faults, ...resetFaults(plan, sensor.id, readings)]) onFault(fault)
    const stampMs = readings.atMs.map((stamp, row) =>
      resetStamp(plan, readings.trueAtMs[row] ?? 0, stamp),
    )
    return {
      field: sensor.field,
      unit: sensor.kind.type === 'tip' ? null : sensor.unit,
      stampMs,
      value: readings.value,
      isRepeated: repeats(stampMs),
    }
  })
  const steps = weather.atMs.length
  let number = 0
  for (let first = 0; first < steps; first += readingsPerMessage) {
    const end = Math.min(steps, first + readingsPerMessage)
    const records = recordsOf(columns, first, end)
    if (records.length === 0) continue
    yield message(fleet, plan, number++, weather.atMs[end - 1] ?? 0, records)
  }
}

function recordsOf(columns: readonly Column[], first: number, end: number): DecodedRecord[] {
  const records: DecodedRecord[] = []
  for (let row = first; row < end; row++) {
    for (const { field, unit, stampMs, value, isRepeated } of columns) {
      const one = value[row] ?? Number.NaN
      if (Number.isNaN(one) || isRepeated(row)) continue
      records.push({ name: field, unit, value: one, atMs: stampMs[row] ?? 0, fromMs: null })
    }
  }
  return records
}

function message(
  { weather: { chance } }: FleetPlan,
  plan: DevicePlan,
  number: number,
  dueMs: number,
  records: readonly DecodedRecord[],
): Message {
  const { id, installedAt, removedAt } = plan.device
  const luck = (of: string): number => chance.uniform(id, of, number)
  const losesAck = plan.lostAcks.some(({ share }) => luck('lost-ack') < share)
  const base = { number, dueMs, isCopy: false, comesAgain: losesAck }
  const spoilt = plan.malformed.find(({ share }) => luck('malformed') < share)
  if (spoilt !== undefined) {
    const kind = spoilt.as[Math.floor(luck('malformed-as') * spoilt.as.length)] ?? 'cut'
    const { payload, observations } = malformed(kind, plan.model, records)
    return {
      ...base,
      payload,
      malformed: kind,
      good: 0,
      refused: observations,
      comesAgain: false,
      losesAck: false,
    }
  }
  const fromMs = Date.parse(installedAt)
  const toMs = removedAt === undefined ? Infinity : Date.parse(removedAt)
  const good = records.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).length
  const payload = plan.model.encode(records)
  return { ...base, payload, malformed: null, good, refused: records.length - good, losesAck }
}

/** What a forgotten clock did to a sensor, for the log of faults. */
function resetFaults(
  { clockResets }: DevicePlan,
  sensor: string,
  { trueAtMs }: Readings,
): FaultEntry[] {
  return clockResets
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .map(({ fromMs, toMs }) => ({
      ...{ kind: 'clock-reset', sensor, fromMs, toMs },
      rows: trueAtMs.filter((atMs) => atMs >= fromMs && atMs < toMs).length,
      parameters: { runsOnFromMs: CLOCK_RESET_MS },
    }))
}

function resetStamp({ clockResets }: DevicePlan, trueMs: number, stampMs: number): number {
  const reset = clockResets.findLast(({ fromMs, toMs }) => trueMs >= fromMs && trueMs < toMs)
  return reset === undefined ? stampMs : CLOCK_RESET_MS + (trueMs - reset.fromMs)
}

function repeats(stampMs: Float64Array): (row: number) => boolean {
  const isAscending = stampMs.every((stamp, row) => row === 0 || stamp > (stampMs[row - 1] ?? 0))
  if (isAscending) return () => false
  const seen = new Set<number>()
  const rows = new Set<number>()
  for (const [row, stamp] of stampMs.entries()) {
    if (seen.has(stamp)) rows.add(row)
    seen.add(stamp)
  }
  return (row) => rows.has(row)
}
