import type { DecodedRecord } from '../../src/ports/device-model.js'
import type { TownMinute } from './town.js'
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'

/** Turns the minutes of the town into what each device sends. */
export interface SimulatedDevice {
  readonly id: string
  readonly model: string
  readonly records: (minute: TownMinute) => DecodedRecord[]
}

/** Counter of RG-02 goes back to zero at this hour of UTC: 08:00 in the city. */
const RESET_UTC_HOUR = 0
/** A ponding gauge speaks when the depth has changed by this much, mm, or after its heartbeat. */
const PONDING_CHANGE_MM = 5
const PONDING_HEARTBEAT_MS = 30 * MINUTE_MS

/** The demo town's devices, without HAND-01, which people speak for. Each call gives fresh ones. */
export function simulatedDevices(): readonly SimulatedDevice[] {
  let counterMm = 0
  return [
    {
      id: 'RG-01',
      model: 'senml-json',
      records: (minute) => [
        record('rain', 'mm', minute.atMs, minute.rainOldMm),
        ...hourly(minute, record('battery', 'V', minute.atMs, minute.batteryV)),
      ],
    },
    {
      id: 'RG-02',
      model: 'senml-cbor',
      records: (minute) => {
        if (minute.atMs % (24 * HOUR_MS) === RESET_UTC_HOUR * HOUR_MS + MINUTE_MS) counterMm = 0
        counterMm += minute.rainParkMm
        return [
          record('rain_total', 'mm', minute.atMs, Math.round(counterMm * 10) / 10),
          ...hourly(minute, record('battery', 'V', minute.atMs, minute.batteryV)),
        ]
      },
    },
    {
      id: 'FM-01',
      model: 'senml-cbor',
      records: (minute) => [
        record('flow', 'm3/s', minute.atMs, minute.flowOldM3s),
        record('level', 'm', minute.atMs, minute.levelOldM),
      ],
    },
    {
      id: 'FM-02',
      model: 'senml-cbor',
      records: (minute) => [
        record('flow', 'L/s', minute.atMs, Math.round(minute.flowParkM3s * 10_000) / 10),
        record('level', 'm', minute.atMs, minute.levelParkM),
      ],
    },
    {
      id: 'PD-01',
      model: 'plain-json',
      records: onChange((minute) => minute.pondingUnderpassMm),
    },
    {
      id: 'PD-02',
      model: 'plain-json',
      records: onChange((minute) => minute.pondingCrossingMm),
    },
  ]
}

function hourly(minute: TownMinute, sent: DecodedRecord): DecodedRecord[] {
  return minute.atMs % HOUR_MS === 0 ? [sent] : []
}

function onChange(depthMm: (minute: TownMinute) => number): SimulatedDevice['records'] {
  let sentMm = 0
  let sentMs = -Infinity
  return (minute) => {
    const value = Math.round(depthMm(minute))
    const changed =
      Math.abs(value - sentMm) >= PONDING_CHANGE_MM || (value === 0) !== (sentMm === 0)
    if (!changed && minute.atMs - sentMs < PONDING_HEARTBEAT_MS) return []
    sentMm = value
    sentMs = minute.atMs
    return [record('depth', 'mm', minute.atMs, value)]
  }
}

function record(name: string, unit: string, atMs: number, value: number): DecodedRecord {
  return { name, unit, value, atMs, fromMs: null }
}
