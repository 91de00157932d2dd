import type { LocalTime } from '../local-time.js'
import { isUnverified, type StandardFact } from '../standard-fact.js'
import { HOUR_MS, MINUTE_MS, type Window } from '../time.js'

export interface NightFlowRule extends StandardFact {
  /** Local hours of the night, the second not included. */
  readonly hours: readonly [number, number]
  /** Span that the least flow is a mean over: 15 or 60. */
  readonly meanMin: 15 | 60
  /** Share of the people that draw water in an hour of the night. */
  readonly activeShare: number
  /** Water that one of them draws in that hour, L. */
  readonly drawnL: number
}

/**
 * Minimum night flow (standards sheet 7.8, unverified). The share of active people is the 6 % of
 * McKenzie (SANFLOW, Water Research Commission, 1999); the sheet prints 0.6 %, a tenth.
 */
export const NIGHT_FLOW_RULE: NightFlowRule = {
  document: 'minimum night flow of a DMA; active share after McKenzie (1999)',
  tag: 'unverified',
  hours: [2, 5],
  meanMin: 15,
  activeShare: 0.06,
  drawnL: 10,
}

/** Mean inflow of a district metered area (DMA) over a step. */
export interface InflowStep extends Window {
  /** m³/h; null where missing. */
  readonly flowM3h: number | null
}

export interface NightFlow {
  readonly flowM3h: number | null
  /** The span of the least mean; the first of equal ones. */
  readonly window: Window | null
  readonly reason: 'night_incomplete' | null
  readonly unverified: boolean
}

/**
 * Least inflow of one night: the least mean over 15 min, or over a moving hour, that lies within
 * 02:00 to 05:00 local time. The night must be known from end to end, since the least flow could
 * stand in any gap.
 *
 * @param steps ascending, not overlapping, dividing the mean's span; what lies outside the night is
 *   passed over, so a day's steps will do; of more than one night nothing is told
 */
export function nightFlow(
  steps: readonly InflowStep[],
  time: LocalTime,
  rule: NightFlowRule = NIGHT_FLOW_RULE,
): NightFlow {
  const unverified = isUnverified([rule])
  const [fromHour, toHour] = rule.hours
  const inNight = steps.filter(({ fromMs, toMs }) => {
    const hour = time.hour(fromMs)
    return hour >= fromHour && hour < toHour && time.hour(toMs - 1) < toHour
  })
  const night = knownFlows(inNight, (toHour - fromHour) * HOUR_MS)
  const least = night === null ? null : leastMean(night, rule.meanMin * MINUTE_MS)
  if (least === null) {
    return { flowM3h: null, window: null, reason: 'night_incomplete', unverified }
  }
  return { ...least, reason: null, unverified }
}

interface KnownStep extends Window {
  readonly flowM3h: number
}

/** The steps of a night that is known from end to end, else null. */
function knownFlows(steps: readonly InflowStep[], nightMs: number): KnownStep[] | null {
  const known: KnownStep[] = []
  for (const { fromMs, toMs, flowM3h } of steps) {
    const last = known.at(-1)
    if (flowM3h === null || (last !== undefined && last.toMs !== fromMs)) return null
    known.push({ fromMs, toMs, flowM3h })
  }
  const spanMs = (known.at(-1)?.toMs ?? 0) - (known[0]?.fromMs ?? 0)
  return spanMs === nightMs ? known : null
}

function leastMean(
  steps: readonly KnownStep[],
  meanMs: number,
): { readonly flowM3h: number; readonly window: Window } | null {
  let least: { readonly flowM3h: number; readonly window: Window } | null = null
  for (const [i, { fromMs }] of steps.entries()) {
    const last = steps.findIndex(({ toMs }) => toMs === fromMs + meanMs)
    if (last < i) continue
    const sum = steps
      .slice(i, last + 1)
      .reduce((total, step) => total + step.flowM3h * (step.toMs - step.fromMs), 0)
    const flowM3h = sum / meanMs
    if (least === null || flowM3h < least.flowM3h) {
      least = { flowM3h, window: { fromMs, toMs: fromMs + meanMs } }
    }
  }
  return least
}

export interface NightLeakage {
  /** Flow that nobody draws, m³/h. */
  readonly leakageM3h: number | null
  readonly legitimateM3h: number
  readonly reason: 'use_exceeds_flow' | null
  readonly unverified: boolean
}

/**
 * Leakage at night: the least flow less what is drawn legitimately. It tells where to look and
 * replaces no leakage ratio.
 *
 * @param flowM3h minimum night flow, m³/h
 * @param people served by the area
 * @param largeUsersM3h metered large users at the time of the least flow, m³/h
 */
export function nightLeakage(
  flowM3h: number,
  people: number,
  largeUsersM3h: number,
  rule: NightFlowRule = NIGHT_FLOW_RULE,
): NightLeakage {
  const legitimateM3h = (people * rule.activeShare * rule.drawnL) / 1000 + largeUsersM3h
  const unverified = isUnverified([rule])
  if (legitimateM3h > flowM3h) {
    return { leakageM3h: null, legitimateM3h, reason: 'use_exceeds_flow', unverified }
  }
  return { leakageM3h: flowM3h - legitimateM3h, legitimateM3h, reason: null, unverified }
}

/**
 * Night-day factor, h: `Σ (p_h / p_MNF)^N1` over the day. Night leakage in m³/h times it is the
 * leakage of the day in m³; 24 where the pressure does not change.
 *
 * @param hourlyPressureM 24 mean pressures of the area, > 0, any unit; null where missing
 * @param nightPressureM at the time of the least flow, > 0, same unit
 * @param exponent N1, 0.5 (rigid pipes) to 1.5 (plastic pipes, background leaks)
 * @returns null unless all 24 hours are known
 */
export function nightDayFactorH(
  hourlyPressureM: readonly (number | null)[],
  nightPressureM: number,
  exponent: number,
): number | null {
  if (hourlyPressureM.length !== 24) return null
  let factor = 0
  for (const pressureM of hourlyPressureM) {
    if (pressureM === null) return null
    factor += (pressureM / nightPressureM) ** exponent
  }
  return factor
}
