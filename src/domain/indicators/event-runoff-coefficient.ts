import { runoffCoefficient } from '../runoff/runoff-coefficient.js'
import type { Selection } from '../selection.js'
import { sharingOutfalls } from './city-lookup.js'
import { text, type Computation, type Indicator, type Loaded, type Scope } from './indicator.js'
import { outfallStorms, outfallWants } from './outfall-storms.js'
import { STORM_PARAMETERS } from './shared-parameters.js'
import { joined, lines, RECOMMENDED } from './sources.js'
import { stormNotes } from './storm-notes.js'
import { STORM_RULES } from './storm-rules.js'
import { noQualifyingRain, noRequirement, stormSums } from './storm-sums.js'
import { stormParts, stormTable } from './storm-table.js'
import { uncertaintyOfStorms } from './storm-uncertainty.js'

/** Share of the rain on an outfall's catchments that ran off, event by event and over the window. */
export const eventRunoffCoefficient: Indicator = {
  id: 'event-runoff-coefficient',
  version: 2,
  title: text('场次雨量径流系数', 'Event runoff coefficient'),
  clause: [
    joined(
      text(
        '场次雨量径流系数：场次径流体积与降雨体积之比',
        'Event runoff coefficient: volume of storm runoff over volume of rain',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      'φ = V / (10·H·F)；时间窗的值为 ΣV / Σ(10·H·F)，体积相加，不平均比率。V = Σ max(Q − Qb, 0)·dt 为场次径流量（m³），H 为面雨量（mm），F 为汇水面积（hm²），Q 为排口流量，Qb 为基流。',
      'φ = V / (10·H·F); over the window ΣV / Σ(10·H·F), volumes summed, ratios never averaged. V = Σ max(Q − Qb, 0)·dt is the storm runoff in m³, H the areal rain in mm, F the catchment area in hm², Q the flow of the outfall, Qb its base flow.',
    ),
    STORM_RULES,
  ),
  unit: '1',
  // Above 1 is implausible but still a finding; it is given, with a note.
  admissible: [-Number.MAX_VALUE, Number.MAX_VALUE],
  subjectKinds: ['outfall'],
  parameters: STORM_PARAMETERS,
  wants: (scope) => outfallWants(scope, group(scope)),
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const sums = stormSums(scope, [outfallStorms(scope, group(scope), loaded, selection)])
  const value = sums.insufficient === null ? runoffCoefficient(sums.volumeM3, sums.rainM3) : null
  const otherwise = value === null ? noQualifyingRain() : noRequirement()
  return {
    value,
    verdict: 'NOT_EVALUATED',
    reason: sums.insufficient ?? otherwise,
    coverage: sums.coverage,
    uncertainty: uncertaintyOfStorms(
      eventRunoffCoefficient,
      scope,
      sums,
      value,
      (volumeM3, rainM3) => volumeM3 / rainM3,
    ),
    table: stormTable(sums),
    parts: stormParts(sums),
    notes: stormNotes(scope, sums),
  }
}

function group(scope: Scope) {
  const outfall = scope.registry.outfalls.find(({ id }) => id === scope.subject.id)
  return outfall === undefined ? [] : sharingOutfalls(scope.registry, outfall)
}
