import type { LocalTime } from '../local-time.js'
import { knownShare, type StateRecord } from '../state-record.js'
import type { Window } from '../time.js'
import { baseFlow, type BaseFlowMethod } from './base-flow.js'
import { runoffWindow, type RecessionRule, type RunoffWindow } from './runoff-window.js'
import { stormVolume, type StormVolume } from './storm-volume.js'

/** One metered flow with what tells its dry weather. */
export interface MeteredFlow {
  readonly record: StateRecord
  /** Per segment of the record, 1 in dry weather (base-flow.ts, dryWeather). */
  readonly dry: Uint8Array
}

/** A metered inflow from outside; what it brings leaves the outfall `travelMs` later. */
export interface UpstreamFlow extends MeteredFlow {
  readonly travelMs: number
}

export interface EventRunoff {
  readonly window: RunoffWindow
  readonly outfall: StormVolume
  /** The upstream volumes over the same window, earlier by their travel time, in the order given. */
  readonly upstream: readonly StormVolume[]
  /** Outfall minus upstream, m³. */
  readonly volumeM3: number
  /** Base flow of the outfall at the start of the storm, m³/s; NaN when unknown. */
  readonly baseM3s: number
  /**
   * Share of time with known flow, 0 to 1: the least over outfall and upstream flows, each over the
   * whole window and over the rain alone, so that a long tail cannot outweigh a missed peak.
   */
  readonly coverage: number
  readonly baseFlow: 'known' | 'unknown'
}

/**
 * The storm runoff of one rain event at an outfall: flow above base flow over the runoff window,
 * minus what came in from upstream. Every meter has its own base flow taken off by the same method,
 * and volumes are subtracted, not flows: travel lags and different sampling cannot make the
 * difference ripple between positive and negative.
 *
 * @param nextMs start of the next rain event; Infinity when there is none
 */
export function eventRunoff(
  outfall: MeteredFlow,
  upstream: readonly UpstreamFlow[],
  rain: Window,
  nextMs: number,
  method: BaseFlowMethod,
  rule: RecessionRule,
  time: LocalTime,
): EventRunoff {
  const base = baseFlow(method, outfall.record, rain.fromMs, outfall.dry, time)
  const window = runoffWindow(outfall.record, rain, nextMs, base, rule)
  const out = stormVolume(outfall.record, window, base)
  const inflows = upstream.map(({ record, dry, travelMs }) => {
    const shifted = { fromMs: window.fromMs - travelMs, toMs: window.toMs - travelMs }
    const ownBase = baseFlow(method, record, shifted.fromMs, dry, time)
    return stormVolume(record, shifted, ownBase)
  })
  const shares = [{ record: outfall.record, travelMs: 0 }, ...upstream].flatMap(
    ({ record, travelMs }) =>
      [window, rain].map(({ fromMs, toMs }) =>
        knownShare(record, { fromMs: fromMs - travelMs, toMs: toMs - travelMs }),
      ),
  )
  const all = [out, ...inflows]
  return {
    window,
    outfall: out,
    upstream: inflows,
    volumeM3: inflows.reduce((volume, inflow) => volume - inflow.volumeM3, out.volumeM3),
    baseM3s: base(window.fromMs),
    coverage: Math.min(...shares),
    baseFlow: all.every((volume) => volume.baseFlow === 'known') ? 'known' : 'unknown',
  }
}
