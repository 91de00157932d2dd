import { HOUR_MS, MINUTE_MS } from '../src/domain/time.js'

/** What a simulated catchment is made of. */
export interface CatchmentMakeup {
  readonly areaM2: number
  /** Share of the area that is impervious and drains to the sewer, 0..1. */
  readonly impervious: number
  /** Rain that wets the impervious surface before it runs off, mm. */
  readonly depressionMm: number
  /** Constant infiltration capacity of the pervious rest, mm/h. */
  readonly infiltrationMmH: number
  /** Storage of its sponge facilities over the whole area, mm, emptied into the ground. */
  readonly spongeMm: number
  /** Time in which full facilities empty, h. */
  readonly drawdownH: number
  /** Time constant of each of two linear reservoirs in series, min (Nash cascade, n = 2). */
  readonly lagMin: number
  readonly dryWeatherFlowM3s: number
}

/** Everything that has gone through since the start, mm over the area; it closes at every step. */
export interface WaterBalance {
  readonly rainMm: number
  readonly runoffMm: number
  readonly infiltratedMm: number
  readonly evaporatedMm: number
  readonly storedMm: number
}

export interface SimulatedCatchment {
  /** Advances one step and returns the mean storm flow over it, m³/s. */
  step(rainMm: number, stepMs: number): number
  balance(): WaterBalance
}

/** Wet surfaces dry by this much, mm/h. */
const DRYING_MM_H = 0.15

/**
 * A lumped catchment: losses on impervious and pervious ground, sponge facilities that take the
 * surplus until they are full, and a Nash cascade to the outfall. No pipes, no snow; storage
 * depths are over the whole area. Truth is kept as a water balance, never by the indicators.
 */
export function simulatedCatchment(makeup: CatchmentMakeup): SimulatedCatchment {
  let wettedMm = 0
  let spongeMm = 0
  const cascadeMm: [number, number] = [0, 0]
  let rain = 0
  let runoff = 0
  let infiltrated = 0
  let evaporated = 0

  return {
    step(rainMm, stepMs) {
      const hours = stepMs / HOUR_MS
      rain += rainMm

      const drying = Math.min(wettedMm, DRYING_MM_H * hours)
      wettedMm -= drying
      evaporated += drying * makeup.impervious
      const wetting = Math.min(rainMm, makeup.depressionMm - wettedMm)
      wettedMm += wetting
      const fromImpervious = (rainMm - wetting) * makeup.impervious

      const soaked = Math.min(rainMm, makeup.infiltrationMmH * hours)
      const pervious = 1 - makeup.impervious
      infiltrated += soaked * pervious
      const surplus = fromImpervious + (rainMm - soaked) * pervious

      const drained = Math.min(spongeMm, (makeup.spongeMm / makeup.drawdownH) * hours)
      spongeMm -= drained
      infiltrated += drained
      const taken = Math.min(surplus, makeup.spongeMm - spongeMm)
      spongeMm += taken

      const out = throughCascade(cascadeMm, surplus - taken, makeup.lagMin, stepMs)
      runoff += out
      return (out / 1000) * makeup.areaM2 * (1000 / stepMs)
    },
    balance() {
      return {
        rainMm: rain,
        runoffMm: runoff,
        infiltratedMm: infiltrated,
        evaporatedMm: evaporated,
        storedMm: wettedMm * makeup.impervious + spongeMm + cascadeMm[0] + cascadeMm[1],
      }
    },
  }
}

/** Exact solution of each linear reservoir for constant inflow over the step. */
function throughCascade(
  storedMm: [number, number],
  inflowMm: number,
  lagMin: number,
  stepMs: number,
): number {
  const steps = stepMs / (lagMin * MINUTE_MS)
  const kept = Math.exp(-steps)
  let inflow = inflowMm
  for (const at of [0, 1] as const) {
    const before = storedMm[at]
    const after = before * kept + (inflow / steps) * (1 - kept)
    storedMm[at] = after
    inflow = before + inflow - after
  }
  return inflow
}
