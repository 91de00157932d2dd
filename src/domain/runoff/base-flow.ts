import type { Outfall } from '../city/registry.js'
import { FLAG } from '../flag.js'
import type { LocalTime } from '../local-time.js'
import { weightedMedian } from '../quantile.js'
import type { RainRecord } from '../rain/rain-record.js'
import { KNOWN, segmentAt, type StateRecord } from '../state-record.js'
import { DAY_MS, HOUR_MS, type Window } from '../time.js'

export type BaseFlowMethod = Outfall['baseFlow']

/** Flow that would run without the storm, m³/s, at an instant; NaN where it is not known. Never negative. */
export type BaseFlow = (atMs: number) => number

/** How far back dry days are looked for, ms: a month holds four of every weekend day (recommended). */
const PATTERN_LOOK_BACK_MS = 30 * DAY_MS

/** Share of the antecedent window that must be measured; a median of less says little (recommended). */
const ANTECEDENT_SHARE = 0.5

/** Dry time that an hour of the pattern needs behind it, ms: one such hour on one dry day (recommended). */
const PATTERN_HOUR_MS = HOUR_MS

/** How much record before an event the method looks at, ms. */
export function baseFlowLookBackMs(method: BaseFlowMethod): number {
  switch (method.method) {
    case 'none':
      return 0
    case 'antecedent':
      return method.windowH * HOUR_MS
    case 'dry-day-pattern':
      return PATTERN_LOOK_BACK_MS + method.dryAfterH * HOUR_MS
    default:
      return method satisfies never
  }
}

/**
 * The base flow of the storm that begins at `stormMs`. The methods and their numbers are our own
 * (recommended): no rule fixes them.
 *
 * - `none`: zero; the whole flow counts as runoff.
 * - `antecedent`: the median of the flow in the hours before, level through the storm: nothing
 *   later is known to be free of runoff, so the line between start and end has no slope. Unknown
 *   when less than half of those hours is measured.
 * - `dry-day-pattern`: the median of the same local hour on the dry days of the 30 days before,
 *   working days and weekends apart or together. Where an hour of one kind of day has less than one
 *   hour of dry record, both kinds serve; where both together have less, it is unknown. Public
 *   holidays are not told from other days.
 *
 * A negative median (backwater, zero drift) counts as no base flow.
 *
 * @param dry which segments of the flow are dry weather (dryWeather); read by the pattern only
 */
export function baseFlow(
  method: BaseFlowMethod,
  flow: StateRecord,
  stormMs: number,
  dry: Uint8Array,
  time: LocalTime,
): BaseFlow {
  switch (method.method) {
    case 'none':
      return () => 0
    case 'antecedent': {
      const before = { fromMs: stormMs - method.windowH * HOUR_MS, toMs: stormMs }
      const level = antecedentMedian(flow, before)
      return () => level
    }
    case 'dry-day-pattern':
      return dryDayPattern(method, flow, stormMs, dry, time)
    default:
      return method satisfies never
  }
}

/**
 * For each segment of a flow record 1 when it is dry weather: rain is known from `dryAfterMs`
 * before its start to its end, and there was none.
 */
export function dryWeather(flow: StateRecord, rain: RainRecord, dryAfterMs: number): Uint8Array {
  const dry = new Uint8Array(flow.fromMs.length)
  let spoiltMs = rain.window.fromMs
  let tile = 0
  for (let i = 0; i < dry.length; i++) {
    const toMs = flow.toMs[i] ?? 0
    while ((rain.fromMs[tile] ?? Number.POSITIVE_INFINITY) < toMs) {
      const spoils = rain.flags[tile] === FLAG.missing || (rain.depthPm[tile] ?? 0) > 0
      if (spoils) spoiltMs = rain.toMs[tile] ?? 0
      tile++
    }
    if (toMs <= rain.window.toMs && spoiltMs <= (flow.fromMs[i] ?? 0) - dryAfterMs) dry[i] = 1
  }
  return dry
}

function antecedentMedian(flow: StateRecord, before: Window): number {
  const values: number[] = []
  const weights: number[] = []
  let measuredMs = 0
  for (let i = segmentAt(flow, before.fromMs); i < flow.fromMs.length; i++) {
    const fromMs = flow.fromMs[i] ?? 0
    if (fromMs >= before.toMs) break
    if (flow.known[i] !== KNOWN.measured) continue
    const shared = Math.min(flow.toMs[i] ?? 0, before.toMs) - Math.max(fromMs, before.fromMs)
    if (shared <= 0) continue
    values.push(flow.start[i] ?? 0)
    weights.push(shared)
    measuredMs += shared
  }
  if (measuredMs < ANTECEDENT_SHARE * (before.toMs - before.fromMs)) return Number.NaN
  return Math.max(0, weightedMedian(values, weights))
}

interface Sample {
  readonly values: number[]
  readonly weights: number[]
  sumMs: number
}

function dryDayPattern(
  method: Extract<BaseFlowMethod, { method: 'dry-day-pattern' }>,
  flow: StateRecord,
  stormMs: number,
  dry: Uint8Array,
  time: LocalTime,
): BaseFlow {
  const apart = new Map<number, Sample>()
  const together = new Map<number, Sample>()
  for (let i = 0; i < dry.length; i++) {
    const fromMs = flow.fromMs[i] ?? 0
    const toMs = flow.toMs[i] ?? 0
    if (toMs > stormMs) break
    if (dry[i] !== 1 || flow.known[i] !== KNOWN.measured) continue
    if (fromMs < stormMs - PATTERN_LOOK_BACK_MS) continue
    const value = flow.start[i] ?? 0
    add(apart, dayHour(fromMs, time), value, toMs - fromMs)
    add(together, time.hour(fromMs), value, toMs - fromMs)
  }
  const medians = new Map<number, number>()
  return (atMs) => {
    const key = dayHour(atMs, time)
    const known = medians.get(key)
    if (known !== undefined) return known
    const own = method.weekends === 'apart' ? apart.get(key) : undefined
    const sample = own !== undefined && own.sumMs >= PATTERN_HOUR_MS ? own : together.get(key % 24)
    const median =
      sample === undefined || sample.sumMs < PATTERN_HOUR_MS
        ? Number.NaN
        : Math.max(0, weightedMedian(sample.values, sample.weights))
    medians.set(key, median)
    return median
  }
}

/** 0 to 23 on working days, 24 to 47 at weekends. */
function dayHour(atMs: number, time: LocalTime): number {
  const weekday = time.weekday(atMs)
  return time.hour(atMs) + (weekday === 0 || weekday === 6 ? 24 : 0)
}

function add(samples: Map<number, Sample>, key: number, value: number, weightMs: number): void {
  const sample = samples.get(key) ?? { values: [], weights: [], sumMs: 0 }
  sample.values.push(value)
  sample.weights.push(weightMs)
  sample.sumMs += weightMs
  samples.set(key, sample)
}
