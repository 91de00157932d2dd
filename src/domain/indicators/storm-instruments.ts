import { sum } from 'simple-statistics'
import type { Outfall } from '../city/registry.js'
import type { Window } from '../time.js'
import { meteringWithin } from './city-lookup.js'
import type { GaugeWeight } from './subject-rain.js'

/** A gauge's part in the rain of one event. */
export interface GaugePart {
  readonly sensor: string
  /** Its share of the weights, 0 to 1. */
  readonly weightShare: number
  /** Its share of the event's depth, 0 to 1; it differs when gauges saw unlike rain or one was missing. */
  readonly depthShare: number
}

/** A meter's part in one runoff. */
export interface MeterPart {
  readonly sensor: string
  /** Share of the metered time of the runoff, 0 to 1; 1 unless the meter was exchanged within it. */
  readonly share: number
}

/** The meters of one runoff. */
export interface RunoffMeters {
  /** Empty for an outfall that is proven shut. */
  readonly outfall: readonly MeterPart[]
  /** One per upstream flow. */
  readonly upstream: readonly string[]
}

/** Gauges with the shares of an event's depth, in the same order. */
export function gaugeParts(
  gauges: readonly GaugeWeight[],
  depthShares: readonly number[],
): readonly GaugePart[] {
  const whole = sum(gauges.map(({ weight }) => weight))
  return gauges.map(({ sensor, weight }, g) => ({
    sensor,
    weightShare: weight / whole,
    depthShare: depthShares[g] ?? 0,
  }))
}

/** The meters that an outfall had over a runoff. */
export function metersOver(outfall: Outfall, window: Window): RunoffMeters {
  const msBySensor = new Map<string, number>()
  for (const { metering, fromMs, toMs } of meteringWithin(outfall, window)) {
    if (metering.state !== 'metered') continue
    msBySensor.set(metering.sensor, (msBySensor.get(metering.sensor) ?? 0) + toMs - fromMs)
  }
  const wholeMs = sum([...msBySensor.values()])
  return {
    outfall: [...msBySensor].map(([sensor, ms]) => ({ sensor, share: ms / wholeMs })),
    upstream: outfall.upstream.map(({ sensor }) => sensor),
  }
}
