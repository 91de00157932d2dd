import { sum } from 'simple-statistics'
import type { Registry } from '../city/registry.js'
import type { StormVolume } from '../runoff/storm-volume.js'
import { SECOND_MS } from '../time.js'
import { drawn, type ErrorTerm, type UncertainAmount } from '../uncertainty/draws.js'
import { text, type Indicator, type Scope } from './indicator.js'
import { instrumentErrors, withoutAccuracy } from './instrument-errors.js'
import type { Storm } from './outfall-storms.js'
import type { IndicatorResult } from './result.js'
import { joined } from './sources.js'
import type { MeterPart } from './storm-instruments.js'
import type { StormSums } from './storm-sums.js'
import { ACCURACY_PROPAGATED, seedOf, uncertaintyOf } from './telemetry-uncertainty.js'

const PROPAGATED = joined(
  ACCURACY_PROPAGATED,
  text(
    '零点误差作用于雨量每场一次、于流量全部时间，从同一流量计扣除大于 0 的基流时抵消；面雨量按各雨量计所占份额计。各场独立的有：插补时段（“流量计 bridged 场次开始毫秒”），均匀分布，至两侧读数的矩形；流量缺测（“流量计 missing 场次开始毫秒”），均匀分布，单侧，自 0 至扣除基流后的峰值；雨量缺测（“雨量计 missing 场次开始毫秒”，多个雨量计按名排序以 + 相连），指数分布，单侧，均值取该场平均雨强。未计入的已结束场次（“排口 left-out 场次开始毫秒”）：径流占其雨量的比例等可能地同于同一排口（其无计入场次时为任一排口）某一计入场次，且不少于已测得的径流；雨量取已测得部分；区间同时涵盖仅计入场次与全部场次两种读法。',
    'A zero error acts on rain once per event and on flow all the time, and falls out where a base flow above 0 is taken off by the same meter; areal rain has each gauge with its share. Independent per event: bridged gaps (“meter bridged start-of-event-in-ms”), rectangular, up to the rectangles of the readings beside them; missing flow (“meter missing start”), rectangular and one-sided, from 0 to the peak above base flow; missing rain (“gauge missing start”, several sorted and joined by +), exponential and one-sided, on average at the mean rate of the event. Events that are over but left out (“outfall left-out start”): as large a share of their rain ran off as in one of the counted events of the same outfalls (of any, where they have none), each as likely, and not less than was seen, their rain being what was seen; the interval spans both readings, counted events alone and all events.',
  ),
)
const EXACT = text(
  '【视为准确】面积、雨量计权重及其对面雨量的代表性、场次与径流时段的划分、基流的取法、降雨量不大于 minDepthMm 的场次不计。',
  'Taken as exact: areas, weights of the gauges and how well they stand for the area, where events and runoff begin and end, the way base flow is told, that events not deeper than minDepthMm do not count.',
)

/**
 * The uncertainty of a value that is made of the summed storm runoff and rain. Events that were left
 * out make it wider: it spans the interval of the events in the sum and that of all events.
 *
 * @param of the value from runoff and rain, both m³, rain not below 0
 * @returns null without a value or an event, where an accuracy is unknown (`unknownAccuracies`), and
 *   where the rain cannot be told from none
 */
export function uncertaintyOfStorms(
  indicator: Pick<Indicator, 'id' | 'admissible'>,
  scope: Scope,
  sums: StormSums,
  value: number | null,
  of: (volumeM3: number, rainM3: number) => number,
): IndicatorResult['uncertainty'] {
  const { registry } = scope
  if (value === null || sums.used.length === 0) return null
  if (unknownAccuracies(registry, sums).length > 0) return null
  const seed = seedOf(indicator, scope)
  const counted = countedAmounts(registry, sums)
  const missed = missedAmounts(registry, sums)
  const readings = missed.length === 0 ? [counted] : [counted, together([counted, ...missed])]
  const draws = drawn(
    seed,
    readings.flatMap(({ runoff, rain }) => [runoff, rain]),
  )
  const values = readings.map((_, k) =>
    Float64Array.from(draws[2 * k] ?? [], (volumeM3, i) =>
      of(volumeM3, Math.max(0, draws[2 * k + 1]?.[i] ?? 0)),
    ),
  )
  return uncertaintyOf(indicator, seed, value, values, PROPAGATED, EXACT)
}

/** Runoff and rain of some events, m³. */
interface StormAmounts {
  readonly runoff: UncertainAmount
  readonly rain: UncertainAmount
}

/** The events in the sum, with what meters and gauges may be off and what they missed. */
function countedAmounts(registry: Registry, sums: StormSums): StormAmounts {
  const runoffErrors = sums.used.flatMap(({ event, runoffs, meters }) =>
    runoffs.flatMap(({ outfall, upstream }, k) => {
      const { outfall: own = [], upstream: theirs = [] } = meters[k] ?? {}
      return [
        ...meteredErrors(registry, outfall, own, event.fromMs, 1),
        ...upstream.flatMap((inflow, i) => {
          const meter = { sensor: theirs[i] ?? '', share: 1 }
          return meteredErrors(registry, inflow, [meter], event.fromMs, -1)
        }),
      ]
    }),
  )
  const rain = sums.groups.flatMap((group) =>
    group.storms
      .filter(({ use }) => use === 'used')
      .flatMap((storm) => [...gaugeErrors(registry, storm, group.areaM2), missedRain(storm)]),
  )
  return {
    runoff: { value: sums.volumeM3, errors: runoffErrors },
    rain: { value: sums.rainM3, errors: rain },
  }
}

/**
 * The events that were left out though they were over: their rain as it was seen, and of it such a
 * share as ran off in one of the counted events of the same outfalls (of any, where they have none),
 * but not less than what was seen to run off.
 */
function missedAmounts(registry: Registry, sums: StormSums): readonly StormAmounts[] {
  return sums.groups.flatMap(({ storms, outfalls, areaM2 }) => {
    const own = storms.filter(({ use }) => use === 'used')
    const alike = own.length > 0 ? own : sums.used
    const name = outfalls.map(({ id }) => id).join('+')
    return storms
      .filter(({ use }) => use !== 'used' && use !== 'unfinished')
      .map((storm): StormAmounts => {
        const seenM3 = Number.isFinite(storm.volumeM3) ? Math.max(0, storm.volumeM3) : 0
        const likely = alike.map(({ volumeM3, rainM3 }) =>
          Math.max(seenM3, (volumeM3 / rainM3) * storm.rainM3),
        )
        const source = `${name} left-out ${storm.event.fromMs}`
        return {
          runoff: { value: 0, errors: [{ source, law: likely, scale: 1 }] },
          rain: { value: storm.rainM3, errors: gaugeErrors(registry, storm, areaM2) },
        }
      })
  })
}

function together(amounts: readonly StormAmounts[]): StormAmounts {
  const summed = (some: readonly UncertainAmount[]): UncertainAmount => ({
    value: sum(some.map(({ value }) => value)),
    errors: some.flatMap(({ errors }) => errors),
  })
  return {
    runoff: summed(amounts.map(({ runoff }) => runoff)),
    rain: summed(amounts.map(({ rain }) => rain)),
  }
}

/** The instruments of the events in a sum whose accuracy is not in the registry. */
export function unknownAccuracies(registry: Registry, sums: StormSums): readonly string[] {
  const sensors = sums.used.flatMap(({ meters, gauges }) => [
    ...gauges.map(({ sensor }) => sensor),
    ...meters.flatMap(({ outfall, upstream }) => [
      ...outfall.map(({ sensor }) => sensor),
      ...upstream,
    ]),
  ])
  return withoutAccuracy(registry, sensors)
}

/**
 * A bridged gap may be off to either side, up to the rectangles of its neighbours. While flow is
 * missing anything from nothing to the peak may have passed: what was missed at the outfall makes
 * the runoff more, what was missed upstream makes it less.
 */
function meteredErrors(
  registry: Registry,
  volume: StormVolume,
  meters: readonly MeterPart[],
  stormMs: number,
  sign: 1 | -1,
): readonly ErrorTerm[] {
  const zeroErrorS = volume.zeroErrorMs / SECOND_MS
  const missedM3 = volume.peakExcessM3s * (volume.missingMs / SECOND_MS)
  const own = meters.map(({ sensor }) => sensor).join('+')
  return [
    ...meters.flatMap(({ sensor, share }) =>
      instrumentErrors(registry, sensor, sign * share * volume.volumeM3, sign * share * zeroErrorS),
    ),
    {
      source: `${own} bridged ${stormMs}`,
      law: 'rectangular',
      scale: sign * volume.bridgedOffM3,
    },
    { source: `${own} missing ${stormMs}`, law: 'from-zero', scale: sign * missedM3 },
  ]
}

/** Each gauge errs on the part of the depth that comes from it. */
function gaugeErrors(
  registry: Registry,
  { gauges, rainM3 }: Storm,
  areaM2: number,
): readonly ErrorTerm[] {
  const m3PerMm = areaM2 / 1000
  return gauges.flatMap(({ sensor, weightShare, depthShare }) =>
    instrumentErrors(registry, sensor, depthShare * rainM3, weightShare * m3PerMm),
  )
}

/**
 * While no gauge was valid it rained as it did in the rest of the event on average, as far as
 * anybody knows: never less than nothing, now and then far more.
 */
function missedRain({ event, gauges, rainM3 }: Storm): ErrorTerm {
  const own = gauges.map(({ sensor }) => sensor).toSorted()
  const meanM3 = (rainM3 * (1 - event.completeness)) / event.completeness
  return { source: `${own.join('+')} missing ${event.fromMs}`, law: 'exponential', scale: meanM3 }
}
