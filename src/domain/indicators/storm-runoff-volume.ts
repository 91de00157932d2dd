import type { Selection } from '../selection.js'
import { text, type Computation, type Indicator, type Loaded, type Scope } from './indicator.js'
import { outfallStorms, outfallWants } from './outfall-storms.js'
import { stormNotes } from './storm-notes.js'
import { noRequirement, stormSums, uncertaintyOf } from './storm-sums.js'
import { stormParts, stormTable } from './storm-table.js'
import { STORM_PARAMETERS } from './shared-parameters.js'

/** The volume that rain events sent through one outfall. */
export const stormRunoffVolume: Indicator = {
  id: 'storm-runoff-volume',
  version: 1,
  title: text('场次径流量', 'Storm runoff volume'),
  clause: ['standards.md §7.2, storm runoff volume (recommended)'],
  formula: text(
    'V = Σ max(Q − Qb, 0)·dt,自降雨开始至流量低于基流加 5 % 峰值;倒流计负;减去上游来水;各场相加。',
    'V = Σ max(Q − Qb, 0)·dt from the start of the rain until the flow is below base flow plus 5 % of the peak; reversed flow negative; upstream inflow subtracted; summed over events.',
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
  return {
    value: sums.insufficient === null ? sums.volumeM3 : null,
    verdict: 'NOT_EVALUATED',
    reason: sums.insufficient ?? noRequirement(),
    coverage: sums.coverage,
    uncertainty:
      sums.insufficient === null
        ? uncertaintyOf(sums.runoffBounds, stormRunoffVolume.admissible)
        : null,
    table: stormTable(sums),
    parts: stormParts(sums),
    notes: stormNotes(sums),
  }
}

function ownOutfall(scope: Scope) {
  return scope.registry.outfalls.filter(({ id }) => id === scope.subject.id)
}
