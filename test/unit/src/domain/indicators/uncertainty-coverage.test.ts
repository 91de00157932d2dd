import { median, standardDeviation, sum } from 'simple-statistics'
import { expect, test } from 'vitest'
import { randomFrom } from '../../../../setup/random.js'
import type { Judgement } from '../../../../../src/domain/indicators/both-ways.js'
import { measuredCaptureRatio } from '../../../../../src/domain/indicators/measured-capture-ratio.js'
import { stormRunoffVolume } from '../../../../../src/domain/indicators/storm-runoff-volume.js'
import { window, type Row } from '../rain/series.js'
import { catchment, everyFive, judge, metered, outfall } from './small-city.js'
import { cityWith } from './uncertain-city.js'

/**
 * Storms whose water is known because it was made here, seen by instruments that err by as much as
 * the registry says, with readings lost: how often does the interval hold the truth, and is it no
 * wider than it must be?
 */

const CASES = 400
const STORMS = 4
const DAY = 1440
const BASE_M3S = 0.01
const AREA_M2 = 12_000

const ACCURACY = {
  RG: { relative: 0.04, absolute: 0.2 },
  RG2: { relative: 0.08 },
  F1: { relative: 0.06, absolute: 0.002 },
}
const CITY = cityWith(ACCURACY, {
  catchments: [
    catchment('C1', AREA_M2, {
      gauges: [
        { sensor: 'RG', weight: 2 },
        { sensor: 'RG2', weight: 1 },
      ],
    }),
  ],
  outfalls: [
    outfall('O1', ['C1'], [metered('F1')], { baseFlow: { method: 'antecedent', windowH: 2 } }),
  ],
})
const PARAMETERS = { recessionPeakShare: 0.001, eventCoverageMin: 0.5, coverageMin: 0 }

interface Storm {
  readonly fromMin: number
  readonly depthMm: number
  readonly rainMin: number
  readonly peakM3s: number
  readonly riseMin: number
  readonly fallMin: number
}

/** One city's truth and what its instruments made of it. */
function simulated(random: () => number) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const between = (low: number, high: number) => low + (high - low) * random()
  const storms = Array.from({ length: STORMS }, (_, day): Storm => {
    const depthMm = between(6, 40)
    const riseMin = 5 * Math.round(between(6, 14))
    const fallMin = 5 * Math.round(between(20, 50))
    const runoffM3 = (between(0.2, 0.6) * depthMm * AREA_M2) / 1000
    const rainMin = 5 * Math.round(between(12, 30))
    const peakM3s = (2 * runoffM3) / ((riseMin + fallMin) * 60)
    return { fromMin: day * DAY + 480, depthMm, rainMin, peakM3s, riseMin, fallMin }
  })
  const volumeM3 = sum(storms.map((s) => (s.peakM3s * (s.riseMin + s.fallMin) * 60) / 2))
  const rainM3 = (sum(storms.map(({ depthMm }) => depthMm)) * AREA_M2) / 1000

  /** An instrument with the errors it keeps; a gauge's zero error comes once per event. */
  const errors = ({ relative = 0, absolute = 0 }: { relative?: number; absolute?: number }) => ({
    gain: 1 + (normal() * relative) / 1.96,
    zero: (normal() * absolute) / 1.96,
  })
  const gauge = (accuracy: { relative: number; absolute?: number }): Row[] => {
    const { gain, zero } = errors(accuracy)
    return everyFive(-720, STORMS * DAY + 720, (min) => {
      const storm = storms.find((s) => min > s.fromMin && min <= s.fromMin + s.rainMin)
      return storm === undefined ? 0 : (5 * (storm.depthMm * gain + zero)) / storm.rainMin
    })
  }
  const meter = errors(ACCURACY.F1)
  const flow = everyFive(-720, STORMS * DAY + 720, (min) => {
    const storm = storms.findLast(({ fromMin }) => min > fromMin)
    const into = storm === undefined ? 0 : min - storm.fromMin
    const { peakM3s, riseMin, fallMin } = storm ?? { peakM3s: 0, riseMin: 1, fallMin: 1 }
    const falling = (peakM3s * (riseMin + fallMin - into)) / fallMin
    const runoff = into <= riseMin ? (peakM3s * into) / riseMin : Math.max(0, falling)
    return (BASE_M3S + runoff) * meter.gain + meter.zero
  })

  // Lost: 3 % of the meter's readings, now and then half an hour of one storm, and both gauges at once.
  const outMin = random() < 0.3 ? 480 + 5 * Math.round(between(2, 30)) : Number.POSITIVE_INFINITY
  const blindMin = random() < 0.3 ? 485 + 5 * Math.round(between(1, 8)) : Number.POSITIVE_INFINITY
  const seen = ({ min }: Row) => random() >= 0.03 && !(min >= outMin && min < outMin + 20)
  const wet = ({ min }: Row) => min !== blindMin
  return {
    volumeM3,
    ratio: 1 - volumeM3 / rainM3,
    rows: {
      F1: flow.filter(seen),
      RG: gauge(ACCURACY.RG).filter(wet),
      RG2: gauge(ACCURACY.RG2).filter(wet),
    },
  }
}

interface Tally {
  held: number
  readonly halves: number[]
  readonly errors: number[]
}

function count(tally: Tally, { value, uncertainty }: Judgement, truth: number): void {
  if (value === null || uncertainty === null) throw new Error('a case without an interval')
  const { lower, upper } = uncertainty
  if (truth >= lower && truth <= upper) tally.held++
  tally.halves.push((upper - lower) / 2)
  tally.errors.push(value - truth)
}

test('of 400 cases 90 to 99 % hold the truth, in intervals of at most 2.5 deviations', () => {
  const random = randomFrom(2026)
  const volume: Tally = { held: 0, halves: [], errors: [] }
  const ratio: Tally = { held: 0, halves: [], errors: [] }
  const outfall1 = { kind: 'outfall', id: 'O1' } as const
  for (let i = 0; i < CASES; i++) {
    const truth = simulated(random)
    const ask = (indicator: typeof measuredCaptureRatio) =>
      judge(indicator, CITY, outfall1, window(0, STORMS * DAY), truth.rows, PARAMETERS)
    const found = ask(measuredCaptureRatio)
    expect(found.table.map(({ use }) => use)).toEqual(Array(STORMS).fill('used'))
    count(ratio, found, truth.ratio)
    count(volume, ask(stormRunoffVolume), truth.volumeM3)
  }
  for (const { held, halves, errors } of [ratio, volume]) {
    expect(halves).toHaveLength(CASES)
    expect(held / CASES).toBeGreaterThanOrEqual(0.9)
    expect(held / CASES).toBeLessThanOrEqual(0.99)
    expect(median(halves)).toBeLessThanOrEqual(2.5 * standardDeviation(errors))
  }
}, 60_000)
