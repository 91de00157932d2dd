import type { Selection } from '../selection.js'
import { text, type Computation, type Indicator, type Loaded, type Scope } from './indicator.js'
import { outfallStorms, outfallWants } from './outfall-storms.js'
import { joined, lines, RECOMMENDED } from './sources.js'
import { stormNotes } from './storm-notes.js'
import { STORM_RULES } from './storm-rules.js'
import { noRequirement, stormSums } from './storm-sums.js'
import { stormParts, stormTable } from './storm-table.js'
import { STORM_PARAMETERS } from './shared-parameters.js'
import { uncertaintyOfStorms } from './storm-uncertainty.js'

/** The volume that rain events sent through one outfall. */
export const stormRunoffVolume: Indicator = {
  id: 'storm-runoff-volume',
  version: 2,
  title: text('场次径流量', 'Storm runoff volume'),
  clause: [
    joined(
      text(
        '扣除基流的场次径流体积：流量与基流之差对时间积分',
        'Storm runoff volume: flow above base flow, integrated over time',
      ),
      RECOMMENDED,
    ),
  ],
  formula: lines(
    text(
      'V = Σ max(Q − Qb, 0)·dt（m³），各场相加；Q 为排口流量，Qb 为基流。',
      'V = Σ max(Q − Qb, 0)·dt in m³, summed over events; Q the flow of the outfall, Qb its base flow.',
    ),
    STORM_RULES,
  ),
  unit: 'm3',
  admissible: [-Number.MAX_VALUE, Number.MAX_VALUE],
  subjectKinds: ['outfall'],
  parameters: STORM_PARAMETERS,
  wants: (scope) => outfallWants(scope, ownOutfall(scope)),
  compute,
}

function compute(scope: Scope, loaded: Loaded, selection: Selection): Computation {
  const sums = stormSums(scope, [outfallStorms(scope, ownOutfall(scope), loaded, selection)])
  const value = sums.insufficient === null ? sums.volumeM3 : null
  return {
    value,
    verdict: 'NOT_EVALUATED',
    reason: sums.insufficient ?? noRequirement(),
    coverage: sums.coverage,
    uncertainty: uncertaintyOfStorms(stormRunoffVolume, scope, sums, value, (volumeM3) => volumeM3),
    table: stormTable(sums),
    parts: stormParts(sums),
    notes: stormNotes(scope, sums),
  }
}

function ownOutfall(scope: Scope) {
  return scope.registry.outfalls.filter(({ id }) => id === scope.subject.id)
}
