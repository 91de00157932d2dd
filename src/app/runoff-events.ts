import { localTime, type LocalTime } from '../domain/local-time.js'
import { depthMm, type RainRecord } from '../domain/rain/rain-record.js'
import { rainEvents, type RainEvent } from '../domain/rain/rain-events.js'
import type { BaseFlowMethod } from '../domain/runoff/base-flow.js'
import { eventRunoff, type MeteredFlow, type UpstreamFlow } from '../domain/runoff/event-runoff.js'
import { rainVolumeM3, runoffCoefficient } from '../domain/runoff/runoff-coefficient.js'
import type { TurbidityRegression } from '../domain/runoff/turbidity-regression.js'
import type { StateRecord } from '../domain/state-record.js'
import { MINUTE_MS } from '../domain/time.js'
import { solidsLoad } from './solids-load.js'

/** Share of an event's rain and runoff time with a valid record that it needs to count (recommended). */
const EVENT_COVERAGE = 0.95

/** How events and their runoff are told; durations in ms. */
export interface RunoffRule {
  readonly areaM2: number
  readonly mit: number
  /** Events with more than this depth count, mm. */
  readonly minDepth: number
  readonly baseFlow: BaseFlowMethod
  readonly peakShare: number
  readonly maxRecession: number
  /** Zone of the dry-day pattern's hours. */
  readonly dayZone: string
}

/** What is metered at and above a site. */
export interface Site {
  readonly flow: MeteredFlow
  readonly upstream: readonly UpstreamFlow[]
  readonly solids: {
    readonly turbidity: StateRecord
    readonly regression: TurbidityRegression
  } | null
}

/** One row per event deep enough, in time order. */
export function runoffRows(rain: RainRecord, site: Site, rule: RunoffRule) {
  const time = localTime(rule.dayZone)
  const deep = rainEvents(rain, rule.mit).filter(({ depthPm }) => depthMm(depthPm) > rule.minDepth)
  return deep.map((event, i) => {
    const nextMs = deep[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    return eventRow(event, nextMs, site, time, rule)
  })
}

function eventRow(
  event: RainEvent,
  nextMs: number,
  { flow, upstream, solids }: Site,
  time: LocalTime,
  rule: RunoffRule,
) {
  const recession = { peakShare: rule.peakShare, maxRecessionMs: rule.maxRecession }
  const runoff = eventRunoff(flow, upstream, event, nextMs, rule.baseFlow, recession, time)
  const rainM3 = rainVolumeM3(depthMm(event.depthPm), rule.areaM2)
  const use = useOf(event, runoff)
  const known = use === 'used'
  const coefficient = known ? runoffCoefficient(runoff.volumeM3, rainM3) : null
  const { peakM3s, peakAtMs, reverseM3 } = runoff.outfall
  return {
    from: iso(event.fromMs),
    to: iso(event.toMs),
    depthMm: depthMm(event.depthPm),
    rainM3,
    runoffTo: iso(runoff.window.toMs),
    endedBy: runoff.window.endedBy,
    baseFlowM3s: Number.isNaN(runoff.baseM3s) ? null : runoff.baseM3s,
    volumeM3: known ? runoff.volumeM3 : null,
    upstreamM3: runoff.upstream.map(({ volumeM3 }) => volumeM3),
    reverseM3,
    coefficient,
    controlRatio: coefficient === null ? null : 1 - coefficient,
    peakM3s,
    peakAt: peakAtMs === null ? null : iso(peakAtMs),
    lagMin: peakAtMs === null ? null : (peakAtMs - event.fromMs) / MINUTE_MS,
    rainState: event.state,
    rainCompleteness: event.completeness,
    flowCoverage: runoff.coverage,
    use,
    solids:
      solids === null
        ? null
        : solidsLoad(flow.record, solids.turbidity, solids.regression, runoff.window),
    remarks: plausibility(coefficient),
  }
}

function useOf(event: RainEvent, runoff: ReturnType<typeof eventRunoff>) {
  if (event.completeness < EVENT_COVERAGE) return 'rain-incomplete'
  if (runoff.coverage < EVENT_COVERAGE) return 'flow-incomplete'
  return runoff.baseFlow === 'unknown' ? 'base-flow-unknown' : 'used'
}

function plausibility(coefficient: number | null): readonly string[] {
  if (coefficient !== null && coefficient > 1) {
    return [
      'more runoff than rain: external inflow, a wrong area or a gauge that caught too little',
    ]
  }
  return coefficient !== null && coefficient < 0 ? ['more water flowed back than ran off'] : []
}

export type RunoffRow = ReturnType<typeof eventRow>

/** Sums over the events used: volumes, never means of ratios. */
export function runoffTotals(events: readonly RunoffRow[]) {
  const used = events.filter(({ use }) => use === 'used')
  const rainM3 = used.reduce((sum, event) => sum + event.rainM3, 0)
  const volumeM3 = used.reduce((sum, event) => sum + (event.volumeM3 ?? 0), 0)
  const coefficient = runoffCoefficient(volumeM3, rainM3)
  return {
    events: used.length,
    rainM3,
    volumeM3,
    coefficient,
    controlRatio: coefficient === null ? null : 1 - coefficient,
    solidsKg: summedLoad(used),
    rainShareUsed: rainM3 / events.reduce((sum, event) => sum + event.rainM3, 0),
  }
}

/** Null as soon as one load is not known. */
function summedLoad(used: readonly RunoffRow[]): number | null {
  let massKg = 0
  for (const { solids } of used) {
    if (solids === null) return null
    massKg += solids.massKg
  }
  return used.length === 0 ? null : massKg
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
