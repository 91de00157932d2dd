import { simulatedCatchment, type CatchmentMakeup } from '../catchment.js'
import { simulatedLowPoint, type LowPointMakeup } from '../low-point.js'
import { chance } from '../random.js'
import { stormDepthMm, stormsBetween } from '../storm-calendar.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'

/** What the demo town's instruments would read at the end of one minute, without any fault. */
export interface TownMinute {
  /** End of the minute, UTC epoch ms. */
  readonly atMs: number
  /** Tips of a 0.1 mm bucket in the minute, mm. */
  readonly rainOldMm: number
  readonly rainParkMm: number
  /** Means over the minute. */
  readonly flowOldM3s: number
  readonly flowParkM3s: number
  /** At the end of the minute. */
  readonly levelOldM: number
  readonly levelParkM: number
  readonly pondingUnderpassMm: number
  readonly pondingCrossingMm: number
  readonly batteryV: number
}

const SEED = 20_260_601
/** Stores fill and empty within this time, so a start this long before does not show. */
const SPIN_UP_MS = 3 * DAY_MS

const OLD_TOWN: CatchmentMakeup = {
  areaM2: 420_000,
  impervious: 0.72,
  depressionMm: 1.5,
  infiltrationMmH: 12,
  spongeMm: 6,
  drawdownH: 24,
  lagMin: 12,
  dryWeatherFlowM3s: 0.018,
}
const WILLOW_PARK: CatchmentMakeup = {
  areaM2: 550_000,
  impervious: 0.38,
  depressionMm: 2,
  infiltrationMmH: 18,
  spongeMm: 18,
  drawdownH: 24,
  lagMin: 22,
  dryWeatherFlowM3s: 0.012,
}
const UNDERPASS: LowPointMakeup = {
  sewerCapacityM3s: 0.5,
  share: 0.3,
  areaM2: 1_400,
  inletM3s: 0.05,
}
const CROSSING: LowPointMakeup = {
  sewerCapacityM3s: 0.45,
  share: 0.15,
  areaM2: 1_200,
  inletM3s: 0.05,
}

/**
 * The demo town, minute by minute from `fromMs` on, without end. The same minute always has the
 * same weather and readings, whenever the simulation was started.
 */
export function* townMinutes(fromMs: number): Generator<TownMinute, never> {
  const luck = chance(SEED)
  const oldTown = simulatedCatchment(OLD_TOWN)
  const park = simulatedCatchment(WILLOW_PARK)
  const underpass = simulatedLowPoint(UNDERPASS)
  const crossing = simulatedLowPoint(CROSSING)
  const oldBucket = tippingBucket()
  const parkBucket = tippingBucket()

  const emitFromMs = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS
  for (let startMs = emitFromMs - SPIN_UP_MS; ; startMs += MINUTE_MS) {
    const atMs = startMs + MINUTE_MS
    const overOld = rainMm(luck, startMs, 0, 1)
    // The park lies downwind: storms reach it some minutes later, a little weaker.
    const overPark = rainMm(luck, startMs, 7 * MINUTE_MS, 0.9)
    const runoffOld = oldTown.step(overOld, MINUTE_MS)
    const runoffPark = park.step(overPark, MINUTE_MS)
    const pondingUnderpassMm = underpass(runoffOld, MINUTE_MS)
    const pondingCrossingMm = crossing(runoffPark, MINUTE_MS)
    const rainOldMm = oldBucket(overOld)
    const rainParkMm = parkBucket(overPark)
    if (atMs <= emitFromMs) continue
    const day = dailyWave(atMs)
    const dryOld = OLD_TOWN.dryWeatherFlowM3s * day
    const dryPark = WILLOW_PARK.dryWeatherFlowM3s * day
    const flowOldM3s = noisy(luck, 'FM-01', atMs, runoffOld + dryOld)
    const flowParkM3s = noisy(luck, 'FM-02', atMs, runoffPark + dryPark)
    yield {
      atMs,
      rainOldMm,
      rainParkMm,
      flowOldM3s,
      flowParkM3s,
      levelOldM: levelM(runoffOld + dryOld),
      levelParkM: levelM(runoffPark + dryPark),
      pondingUnderpassMm,
      pondingCrossingMm,
      batteryV: round(12.6 + 0.3 * Math.sin((atMs / DAY_MS) * 2 * Math.PI), 2),
    }
  }
}

function rainMm(
  luck: ReturnType<typeof chance>,
  startMs: number,
  delayMs: number,
  share: number,
): number {
  const fromMs = startMs - delayMs
  let depthMm = 0
  for (const storm of stormsBetween(luck, fromMs, fromMs + MINUTE_MS)) {
    const patch = 0.85 + 0.3 * luck.uniform('patch', storm.startMs, delayMs)
    depthMm += stormDepthMm(storm, fromMs, fromMs + MINUTE_MS) * share * patch
  }
  return depthMm
}

/** A bucket of 0.1 mm that keeps what has not tipped yet. */
function tippingBucket(): (depthMm: number) => number {
  let tenths = 0
  return (depthMm) => {
    tenths += depthMm * 10
    const tips = Math.floor(tenths)
    tenths -= tips
    return tips / 10
  }
}

/** Groundwater and misconnections in a storm sewer over a day of UTC+8: low at four in the morning. */
function dailyWave(atMs: number): number {
  const localHour = ((atMs / HOUR_MS + 8) % 24) / 24
  return 1 + 0.06 * Math.sin(2 * Math.PI * (localHour - 10 / 24))
}

function noisy(
  luck: ReturnType<typeof chance>,
  sensor: string,
  atMs: number,
  value: number,
): number {
  return Math.max(0, round(value * (1 + 0.015 * luck.normal(sensor, atMs)), 4))
}

/** Depth in a round sewer by a power law of flow; close to Manning below three quarters full. */
function levelM(flowM3s: number): number {
  return round(0.62 * Math.max(0, flowM3s) ** 0.53, 3)
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
