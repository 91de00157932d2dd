import type { DrainageZone, Outfall, Registry } from '../city/registry.js'
import { depthMm } from '../rain/rain-record.js'
import { meteringWithin, sensorOf } from './city-lookup.js'
import { cityTime } from './city-time.js'
import { note, numberOf, text, type ParameterRule, type Scope } from './indicator.js'
import type { OutfallStorms, Storm } from './outfall-storms.js'
import type { Note, Part, Text } from './result.js'
import { CAPTURE_RATIO_INDICATOR, joined, RECOMMENDED } from './sources.js'
import type { StormSums } from './storm-sums.js'

/** Events named in a note before the rest is only counted. */
const NAMED = 5

/** Rain below the design depth, and whether any of it was discharged. */
export interface SmallRain {
  /** Design rainfall depth of the zone, mm; null when the registry gives none. */
  readonly designDepthMm: number | null
  /** Events measured whole with less rain than that. */
  readonly events: number
  /** Those of them in which water left. */
  readonly discharging: readonly Storm[]
}

/** Parameters of the rule that rain below the design depth is not discharged. */
export const SMALL_RAIN_PARAMETERS: readonly ParameterRule[] = [
  {
    name: 'smallRain',
    type: 'string',
    unit: '',
    default: 'report',
    words: ['report', 'judge'],
    description: joined(
      text(
        'judge：小于设计降雨量的降雨有外排即不达标，设计降雨量未知则不评价；report：仅列出。',
        'judge: discharge in rain below the design depth is FAIL, and without a design depth nothing passes; report: listed only.',
      ),
      CAPTURE_RATIO_INDICATOR,
    ),
  },
  {
    name: 'designPeakLs',
    type: 'number',
    unit: 'L/s',
    default: 0,
    range: [0, 1e7],
    description: joined(
      text(
        '排口设计峰值流量；超出基流部分不大于其 5 % 与流量计绝对准确度之大者不算外排。',
        'design peak of an outfall; flow above base flow up to the greater of 5 % of it and the absolute accuracy of the meter is no discharge.',
      ),
      RECOMMENDED,
    ),
  },
]

/** Of the rule in words, a line of the formula. */
export const SMALL_RAIN_RULE: Text = text(
  '【小雨不外排】雨量小于分区设计降雨量（取名录）的完整场次中，峰值流量高出基流超过 max(5 %·designPeakLs, 流量计绝对准确度) 即为外排；smallRain 为 judge 时有外排即不达标。过滤或延时后经同一排口放出的水无从分辨，计为外排。',
  'Small rain: in an event measured whole with less rain than the zone’s design depth (of the registry), water was discharged when the peak stands above base flow by more than max(5 % of designPeakLs, absolute accuracy of the meter); with smallRain judge any such event is FAIL. Water let out by the same outfall after filtering or a delay cannot be told apart and counts as discharged.',
)

/** @param zone undefined for a subject that is no zone: no design depth is known for it */
export function smallRain(
  scope: Scope,
  sums: StormSums,
  zone: DrainageZone | undefined,
): SmallRain {
  const designDepthMm = zone?.designRainfall?.depthMm ?? null
  if (designDepthMm === null) return { designDepthMm, events: 0, discharging: [] }
  const below = sums.groups.flatMap((group) =>
    group.storms
      .filter(({ use, event }) => use === 'used' && depthMm(event.depthPm) < designDepthMm)
      .map((storm) => ({ storm, group })),
  )
  return {
    designDepthMm,
    events: below.length,
    discharging: below
      .filter(({ storm, group }) => isDischarging(scope, storm, group))
      .map(({ storm }) => storm),
  }
}

function isDischarging(scope: Scope, { runoffs, event }: Storm, { outfalls }: OutfallStorms) {
  const share = 0.05 * (numberOf(scope, 'designPeakLs') / 1000)
  return runoffs.some(({ outfall: { peakM3s }, baseM3s }, i) => {
    const outfall = outfalls[i]
    if (peakM3s === null || outfall === undefined) return false
    const least = Math.max(share, meterMinimum(scope.registry, outfall, event))
    return peakM3s - baseM3s > least
  })
}

/** What the meters of an outfall cannot tell from nothing, m³/s; 0 where their accuracy is not known. */
function meterMinimum(registry: Registry, outfall: Outfall, window: Scope['window']): number {
  const meters = meteringWithin(outfall, window).flatMap(({ metering }) =>
    metering.state === 'metered' ? [metering.sensor] : [],
  )
  return Math.max(0, ...meters.map((id) => sensorOf(registry, id).accuracy?.absolute ?? 0))
}

export function smallRainParts({ events, discharging }: SmallRain): Part[] {
  return [
    { name: 'events-below-design-rain', value: events, unit: '{event}', members: [] },
    {
      name: 'events-below-design-rain-discharging',
      value: discharging.length,
      unit: '{event}',
      members: [],
    },
  ]
}

export function smallRainNotes(scope: Scope, { designDepthMm, discharging }: SmallRain): Note[] {
  if (designDepthMm === null || discharging.length === 0) return []
  const city = cityTime(scope.registry)
  const named = discharging
    .slice(0, NAMED)
    .map(({ event }) => `${city.at(event.fromMs)} (${depthMm(event.depthPm).toFixed(1)} mm)`)
    .join(', ')
  const more = discharging.length > NAMED ? ', …' : ''
  return [
    note(
      'small_rain_discharged',
      `${discharging.length} 场小于设计降雨量 ${designDepthMm} mm 的降雨有外排：${named}${more}`,
      `${discharging.length} events of less than the design depth of ${designDepthMm} mm were discharged: ${named}${more}`,
    ),
  ]
}
