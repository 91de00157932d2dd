import type { Chance } from './random.js'
import { HOUR_MS } from '../src/domain/time.js'

/** One storm over the city. */
export interface Storm {
  readonly startMs: number
  readonly durationMs: number
  readonly depthMm: number
  /** Position of the peak within the duration, 0..1 (雨峰系数). */
  readonly peak: number
}

/** One storm begins in each slot of UTC time, in its first 8 hours: a plum-rain month, never a dull day. */
const SLOT_MS = 12 * HOUR_MS
const START_WITHIN_MS = 8 * HOUR_MS
const LONGEST_MS = 5 * HOUR_MS

/**
 * The storms that touch a span of time. A function of absolute time: a city simulated twice, or
 * from another day on, has the same weather.
 *
 * Depth is log-normal with median 7 mm, duration 0.5 to 5 h growing with depth; no seasons.
 */
export function stormsBetween(chance: Chance, fromMs: number, toMs: number): Storm[] {
  const storms: Storm[] = []
  const first = Math.floor((fromMs - LONGEST_MS) / SLOT_MS)
  for (let slot = first; slot * SLOT_MS < toMs; slot++) {
    const storm = stormInSlot(chance, slot)
    if (storm.startMs + storm.durationMs <= fromMs) continue
    if (storm.startMs < toMs) storms.push(storm)
  }
  return storms
}

function stormInSlot(chance: Chance, slot: number): Storm {
  const depthMm = Math.min(90, 7 * Math.exp(0.9 * chance.normal('depth', slot)))
  const hours = 0.5 + 0.5 * Math.sqrt(depthMm) * (0.6 + 0.8 * chance.uniform('duration', slot))
  return {
    startMs: slot * SLOT_MS + Math.floor(chance.uniform('start', slot) * START_WITHIN_MS),
    durationMs: Math.min(LONGEST_MS, Math.round(hours * HOUR_MS)),
    depthMm,
    peak: 0.3 + 0.25 * chance.uniform('peak', slot),
  }
}

/**
 * Depth that a storm drops in [fromMs, toMs), mm. The cumulative curve is differenced, so steps of
 * any length add up to the storm's depth exactly. Two half-cosine ramps to and from the peak.
 */
export function stormDepthMm(storm: Storm, fromMs: number, toMs: number): number {
  return storm.depthMm * (fallen(storm, toMs) - fallen(storm, fromMs))
}

/** Share of the storm's depth that has fallen by an instant, 0..1. */
function fallen(storm: Storm, atMs: number): number {
  const progress = (atMs - storm.startMs) / storm.durationMs
  if (progress <= 0) return 0
  if (progress >= 1) return 1
  const { peak } = storm
  // Intensity (1 − cos)/… rises to the peak and falls from it; its integral is closed.
  return progress < peak
    ? peak * ramp(progress / peak)
    : 1 - (1 - peak) * ramp((1 - progress) / (1 - peak))
}

/** Integral of 1 − cos(πx) from 0, for x in [0, 1]: from 0 to 1. */
function ramp(x: number): number {
  return x - Math.sin(Math.PI * x) / Math.PI
}
