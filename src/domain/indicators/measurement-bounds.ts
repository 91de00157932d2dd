import type { Registry } from '../city/registry.js'
import { rainVolumeM3 } from '../runoff/runoff-coefficient.js'
import type { EventRunoff } from '../runoff/event-runoff.js'
import type { StormVolume } from '../runoff/storm-volume.js'
import { SECOND_MS } from '../time.js'
import { sensorOf } from './city-lookup.js'
import { text } from './indicator.js'

/** Where an amount may lie; lower <= upper. */
export interface Bounds {
  readonly lower: number
  readonly upper: number
}

/** How the bounds of a result came about, for its `uncertainty.method`. */
export const BOUNDS_METHOD = text(
  '各项直接相加（不取平方和）：仪器准确度（绝对值 × 时间 + 相对值 × 水量，雨量为绝对值 + 相对值 × 雨量）、插补时段的最大偏差、缺测时间 × 峰值流量；登记的准确度按 95 % 限值理解，汇水面积视为准确',
  'all parts added linearly, not by squares: accuracy of the instruments (absolute × time + relative × volume; of rain absolute + relative × depth), what bridged gaps may be off, missing time × peak flow; accuracies in the registry read as 95 % limits, areas as exact',
)
export const BOUNDS_CONFIDENCE = 0.95

interface Accuracy {
  readonly absolute: number
  readonly relative: number
}

/**
 * Bounds of a storm volume, all parts added linearly: errors of one instrument do not cancel within
 * a storm. Each meter contributes absolute accuracy × known time + relative accuracy × volume and
 * what its bridged gaps may be off; time without data, filled with the greatest flow, widens one
 * side only: what was missed at the outfall was more, what was missed upstream was less.
 *
 * @param sensors per runoff: the meters of the outfall and of its upstream flows
 * @returns null when the accuracy of a meter is unknown
 */
export function volumeBounds(
  registry: Registry,
  outfalls: readonly { readonly runoff: EventRunoff; readonly sensors: readonly string[] }[],
): Bounds | null {
  let lower = 0
  let upper = 0
  for (const { runoff, sensors } of outfalls) {
    const accuracy = worstAccuracy(registry, sensors)
    if (accuracy === null) return null
    const out = offOf(runoff.outfall, accuracy)
    lower += runoff.outfall.volumeM3 - out.known
    upper += runoff.outfall.volumeM3 + out.known + out.missed
    for (const inflow of runoff.upstream) {
      const off = offOf(inflow, accuracy)
      lower -= inflow.volumeM3 + off.known + off.missed
      upper -= inflow.volumeM3 - off.known
    }
  }
  return { lower, upper }
}

/** Bounds of the rain volume of one event: relative accuracy × depth, and the absolute one once. */
export function rainBounds(
  registry: Registry,
  gauges: readonly string[],
  depthMm: number,
  areaM2: number,
): Bounds | null {
  const accuracy = worstAccuracy(registry, gauges)
  if (accuracy === null) return null
  const off = accuracy.absolute + accuracy.relative * depthMm
  return {
    lower: rainVolumeM3(Math.max(0, depthMm - off), areaM2),
    upper: rainVolumeM3(depthMm + off, areaM2),
  }
}

/** Bounds of a sum; null when one of the terms has none. */
export function summedBounds(terms: readonly (Bounds | null)[]): Bounds | null {
  let lower = 0
  let upper = 0
  for (const term of terms) {
    if (term === null) return null
    lower += term.lower
    upper += term.upper
  }
  return { lower, upper }
}

/** Bounds of a quotient of positive amounts that err independently; null when the divisor may be zero. */
export function quotientBounds(dividend: Bounds | null, divisor: Bounds | null): Bounds | null {
  if (dividend === null || divisor === null || divisor.lower <= 0) return null
  return {
    lower: dividend.lower / (dividend.lower < 0 ? divisor.lower : divisor.upper),
    upper: dividend.upper / (dividend.upper < 0 ? divisor.upper : divisor.lower),
  }
}

function offOf(
  volume: StormVolume,
  accuracy: Accuracy,
): { readonly known: number; readonly missed: number } {
  const knownS = (volume.measuredMs + volume.bridgedMs) / SECOND_MS
  return {
    known:
      accuracy.absolute * knownS +
      accuracy.relative * Math.abs(volume.volumeM3) +
      volume.bridgedOffM3,
    missed: (volume.missingMs / SECOND_MS) * Math.max(0, volume.peakM3s ?? 0),
  }
}

/** The poorest accuracy among sensors; zero for none (proven shut), null when one is unknown. */
function worstAccuracy(registry: Registry, sensors: readonly string[]): Accuracy | null {
  let absolute = 0
  let relative = 0
  for (const id of sensors) {
    const { accuracy } = sensorOf(registry, id)
    if (accuracy === undefined) return null
    absolute = Math.max(absolute, accuracy.absolute)
    relative = Math.max(relative, accuracy.relative)
  }
  return { absolute, relative }
}
