import { sum } from 'simple-statistics'
import { depthMm } from '../rain/rain-record.js'
import { runoffCoefficient } from '../runoff/runoff-coefficient.js'
import type { Computation } from './indicator.js'
import type { Part } from './result.js'
import type { StormSums } from './storm-sums.js'

/**
 * One row per storm and group, for a result's table. Volumes of a storm that cannot stand in a sum
 * are of what was seen of it, null when nothing was; it has no coefficient.
 */
export function stormTable(sums: StormSums): Computation['table'] {
  return sums.groups.flatMap((group) =>
    group.storms.map((storm) => {
      const { event } = storm
      const coefficient =
        storm.use === 'used' ? runoffCoefficient(storm.volumeM3, storm.rainM3) : null
      const flows = storm.runoffs.map(({ outfall }) => outfall)
      const wasSeen = flows.some(({ peakM3s }) => peakM3s !== null)
      const ifSeen = (amount: number) => (wasSeen && Number.isFinite(amount) ? amount : null)
      const upstreamM3 = sum(
        storm.runoffs.flatMap(({ upstream }) => upstream.map(({ volumeM3 }) => volumeM3)),
      )
      const baseM3s = sum(storm.runoffs.map(({ baseM3s }) => baseM3s))
      const windowEnds = storm.runoffs.map(({ window }) => window.toMs)
      return {
        outfalls: group.outfalls.map(({ id }) => id).join(' + '),
        fromMs: event.fromMs,
        toMs: event.toMs,
        depthMm: depthMm(event.depthPm),
        rainM3: storm.rainM3,
        runoffToMs: Math.max(...windowEnds),
        runoffEndedBy: storm.runoffs.map(({ window }) => window.endedBy).join(' + '),
        baseFlowM3s: Number.isNaN(baseM3s) ? null : baseM3s,
        peakM3s: ifSeen(sum(flows.map(({ peakM3s }) => peakM3s ?? 0))),
        volumeM3: ifSeen(storm.volumeM3),
        upstreamM3: Number.isNaN(upstreamM3) ? null : upstreamM3,
        reverseM3: ifSeen(sum(flows.map(({ reverseM3 }) => reverseM3))),
        runoffCoefficient: coefficient,
        controlRatio: coefficient === null ? null : 1 - coefficient,
        flowCoverage: storm.flowCoverage,
        rainCompleteness: event.completeness,
        rainState: event.state,
        rainTiming: event.timing,
        use: storm.use,
      }
    }),
  )
}

/** What the sums are made of, beside the value. */
export function stormParts(sums: StormSums): Part[] {
  const members = sums.groups.flatMap(({ outfalls }) => outfalls.map(({ id }) => id))
  return [
    { name: 'rain-volume', value: sums.rainM3, unit: 'm3', members },
    { name: 'runoff-volume', value: sums.volumeM3, unit: 'm3', members },
    { name: 'area', value: areaOf(sums), unit: 'm2', members: catchmentsIn(sums) },
    { name: 'events-used', value: sums.used.length, unit: '{event}', members: [] },
    {
      name: 'events-qualifying',
      value: sum(sums.groups.map(({ storms }) => storms.length)),
      unit: '{event}',
      members: [],
    },
  ]
}

function areaOf(sums: StormSums): number {
  return sum(sums.groups.map(({ areaM2 }) => areaM2))
}

function catchmentsIn(sums: StormSums): string[] {
  return sums.groups.flatMap(({ catchments }) => catchments)
}
