import type { Chance } from '../random.js'
import { DAY_MS, SECOND_MS } from '../../src/domain/time.js'
import type { Fault } from './fault.js'
import { normalQuantile } from './normal-quantile.js'
import type { FaultEntry, Readings, Signal } from './readings.js'

/** Readings after a fault, and what it did. */
export interface Faulted {
  readonly readings: Readings
  readonly entry: FaultEntry
}

/** Everything a fault may look at beside the readings. */
export interface FaultContext {
  readonly sensor: string
  readonly chance: Chance
  /** From where the seconds of a fault count, UTC epoch ms. */
  readonly startMs: number
  /** Tells two faults of one kind on one sensor apart. */
  readonly position: number
}

/**
 * What an instrument with a fault says. Pure: the readings that are handed in stay as they are, and
 * the same seed, sensor and position give the same chance whatever else is simulated.
 *
 * A missing value (NaN) stays missing.
 */
export function applyFault(readings: Readings, fault: Fault, context: FaultContext): Faulted {
  const { trueAtMs } = readings
  const { startMs } = context
  const endMs = (trueAtMs.at(-1) ?? 0) + 1
  const fromMs = 'fromS' in fault ? startMs + fault.fromS * SECOND_MS : startMs
  const toS = 'cleanedAtS' in fault ? fault.cleanedAtS : 'toS' in fault ? fault.toS : undefined
  const toMs = toS === undefined ? endMs : startMs + toS * SECOND_MS
  const holds = (row: number): boolean => {
    const atMs = trueAtMs[row] ?? 0
    return atMs >= fromMs && atMs < toMs
  }

  const spoilt =
    fault.kind === 'clock'
      ? { ...readings, atMs: stamps(readings, fault, fromMs, holds) }
      : { ...readings, value: values(readings, fault, { ...context, fromMs, holds }) }
  return {
    readings: spoilt,
    entry: {
      kind: fault.kind,
      sensor: context.sensor,
      fromMs,
      toMs,
      rows: changed(readings, spoilt),
      parameters: parametersOf(fault),
    },
  }
}

interface Reach extends FaultContext {
  readonly fromMs: number
  readonly holds: (row: number) => boolean
}

type ValueFault = Exclude<Fault, { kind: 'clock' }>

function values(readings: Readings, fault: ValueFault, reach: Reach): Float64Array {
  const { trueAtMs, value } = readings
  const { fromMs, holds } = reach
  const daysIn = (row: number): number => ((trueAtMs[row] ?? 0) - fromMs) / DAY_MS
  const where = (change: (value: number, row: number) => number): Float64Array =>
    value.map((one, row) => (holds(row) ? change(one, row) : one))
  const luck = (row: number, of: string): number =>
    reach.chance.uniform(reach.sensor, fault.kind, reach.position, of, trueAtMs[row] ?? 0)

  switch (fault.kind) {
    case 'noise':
      return where(
        (one, row) =>
          one +
          Math.hypot(fault.sd, fault.relativeSd * one) *
            normalQuantile(Math.max(luck(row, 'share'), 2 ** -33)),
      )
    case 'quantisation':
      return where((one) => quantised(one, fault.resolution))
    case 'bias':
      return value.map((one) => one * fault.gain + fault.offset)
    case 'drift':
    case 'fouling-bias':
      return where((one, row) => one + fault.perDay * daysIn(row))
    case 'step':
      return where((one) => one + fault.offset)
    case 'spikes':
      return where((one, row) => {
        if (luck(row, 'is') >= fault.share) return one
        const height = fault.height * (0.5 + luck(row, 'height') / 2)
        const up = fault.sign === 'up' || (fault.sign === 'both' && luck(row, 'sign') < 0.5)
        return up ? one + height : one - height
      })
    case 'flat-line':
      return flatLine(value, holds)
    case 'fouling-damping':
      return damped(readings, (row) => fault.lagSPerDay * daysIn(row) * SECOND_MS, holds)
    case 'saturation':
      return where((one) => Math.min(fault.high ?? Infinity, Math.max(fault.low ?? -Infinity, one)))
    case 'battery-sag':
      break
  }
  return where((one, row) =>
    saggingV(fault.fullV, fault.perDayV, daysIn(row)) < fault.cutOffV ? Number.NaN : one,
  )
}

/** The nearest multiple, half up; as written in decimals, so that 0.1 · 3 is 0.3. */
export function quantised(value: number, resolution: number): number {
  const steps = Math.round(value / resolution)
  const perOne = Math.round(1 / resolution)
  // 1 / 0.1 is not quite 10 for every such number.
  return Math.abs(perOne * resolution - 1) < 1e-9 ? steps / perOne : steps * resolution
}

/**
 * The voltage of a battery under the sags among some faults, over a healthy one, V.
 *
 * @param startMs from where the seconds of a fault count, UTC epoch ms
 */
export function saggingVoltage(healthy: Signal, faults: readonly Fault[], startMs: number): Signal {
  const { atMs } = healthy
  let { value } = healthy
  for (const fault of faults) {
    if (fault.kind !== 'battery-sag') continue
    const fromMs = startMs + fault.fromS * SECOND_MS
    const toMs = fault.toS === undefined ? Infinity : startMs + fault.toS * SECOND_MS
    value = value.map((volts, row) => {
      const nowMs = atMs[row] ?? 0
      if (nowMs < fromMs || nowMs >= toMs) return volts
      return Math.min(volts, saggingV(fault.fullV, fault.perDayV, (nowMs - fromMs) / DAY_MS))
    })
  }
  return { atMs, value }
}

/** Voltage of a battery that nothing charges any more, V; never below 0. */
function saggingV(fullV: number, perDayV: number, days: number): number {
  return Math.max(0, fullV - perDayV * days)
}

/** The last value before the fault, or its own first one, for as long as it holds. */
function flatLine(value: Float64Array, holds: (row: number) => boolean): Float64Array {
  let stuck = Number.NaN
  return value.map((one, row) => {
    if (holds(row)) {
      if (Number.isNaN(stuck)) stuck = one
      return Number.isNaN(one) ? one : stuck
    }
    stuck = one
    return one
  })
}

/** First-order response with a time constant of its own at each row: exact for a value held over the step. */
function damped(
  { trueAtMs, value }: Readings,
  lagMs: (row: number) => number,
  holds: (row: number) => boolean,
): Float64Array {
  let shown = Number.NaN
  let beforeMs = 0
  return value.map((one, row) => {
    const nowMs = trueAtMs[row] ?? 0
    const passedMs = nowMs - beforeMs
    beforeMs = nowMs
    if (Number.isNaN(one)) return one
    const lag = holds(row) ? lagMs(row) : 0
    shown = lag <= 0 || Number.isNaN(shown) ? one : one + (shown - one) * Math.exp(-passedMs / lag)
    return shown
  })
}

function stamps(
  { trueAtMs, atMs }: Readings,
  { offsetS, driftPpm }: Extract<Fault, { kind: 'clock' }>,
  fromMs: number,
  holds: (row: number) => boolean,
): Float64Array {
  return atMs.map((stampMs, row) => {
    if (!holds(row)) return stampMs
    const gainedMs = (((trueAtMs[row] ?? 0) - fromMs) * driftPpm) / 1e6
    return Math.round(stampMs + offsetS * SECOND_MS + gainedMs)
  })
}

function changed(before: Readings, after: Readings): number {
  let rows = 0
  for (let row = 0; row < before.value.length; row++) {
    const isSame =
      Object.is(before.value[row], after.value[row]) && before.atMs[row] === after.atMs[row]
    if (!isSame) rows++
  }
  return rows
}

function parametersOf(fault: Fault): FaultEntry['parameters'] {
  const given = Object.entries(fault).filter(([name, one]) => name !== 'kind' && one !== undefined)
  return Object.fromEntries(given) as FaultEntry['parameters']
}
