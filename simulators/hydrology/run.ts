import {
  routingContinuity,
  runoffContinuity,
  type RoutingContinuity,
  type RunoffContinuity,
} from './continuity.js'
import type { HydrologyModel, Outlet } from './model.js'
import { network, type Network } from './network.js'
import { reportColumns, type ReportColumns } from './report-columns.js'
import { subcatchment } from './subcatchment.js'
import {
  emptyTotals,
  type ConduitTotals,
  type NodeTotals,
  type SubcatchmentTotals,
} from './totals.js'
import { orderedDown } from './upstream-first.js'

/** What a run came to. */
export interface HydrologyRun {
  readonly subcatchments: readonly SubcatchmentTotals[]
  readonly nodes: readonly NodeTotals[]
  readonly conduits: readonly ConduitTotals[]
  readonly continuity: { readonly runoff: RunoffContinuity; readonly routing: RoutingContinuity }
  readonly reported: ReportColumns
}

/**
 * Runs a model from its start to its end. A step is a wet one while it rains or anything moves, else a
 * dry one, and never passes a change of rain or evaporation.
 *
 * @param onProgress told the seconds done, once a step
 * @throws RangeError when subcatchments or conduits flow round in a circle
 */
export function runHydrology(
  model: HydrologyModel,
  onProgress: (doneS: number) => void = () => undefined,
): HydrologyRun {
  const { steps, rain, evaporation, durationS } = model
  const parts = model.subcatchments.map(subcatchment)
  const order = orderedDown(
    model.subcatchments.map(({ outlet }) => (outlet.to === 'subcatchment' ? outlet.at : null)),
    'subcatchments',
  )
  const totals = model.subcatchments.map((makeup, i) => emptyTotals(makeup, parts[i]))
  const pipes = network(model.network, steps.routingS)
  const nodes: NodeTotals[] = model.network.nodes.map(({ name, kind }) => ({
    ...{ name, kind, inflowM3: 0, peakM3S: 0, floodedM3: 0 },
  }))
  const report = reportColumns(steps, durationS, {
    subcatchments: parts.length,
    nodes: nodes.length,
  })
  const flowsM3S = new Float64Array(parts.length)
  const runonM3S = new Float64Array(parts.length)
  const lateralM3S = new Float64Array(nodes.length)

  let atS = 0
  let moving = totals.some(({ storedAtStartM3 }) => storedAtStartM3 > 0)
  while (atS < durationS) {
    const rates = rain.map((gauge) => gauge.at(atS))
    const raining = rates.some((rate) => rate > 0)
    const nextS = Math.min(
      atS + (raining || moving ? steps.wetS : steps.dryS),
      ...rain.map((gauge) => gauge.nextBreak(atS)),
      evaporation.nextBreak(atS),
      durationS,
    )
    const stepS = nextS - atS
    const potentialMS = evaporation.at(atS)
    moving = false
    runonM3S.fill(0)
    lateralM3S.fill(0)
    for (const at of order) {
      const makeup = model.subcatchments[at]
      const total = totals[at]
      if (makeup === undefined || total === undefined) continue
      const rainMS = makeup.gauge === null ? 0 : (rates[makeup.gauge] ?? 0)
      const evaporationMS = model.evaporatesOnlyDry && rainMS > 0 ? 0 : potentialMS
      const runon = runonM3S[at] ?? 0
      const step = parts[at]?.step(rainMS, runon, evaporationMS, stepS)
      if (step === undefined) continue
      total.rainM3 += step.rainM3
      total.runonM3 += runon * stepS
      total.evaporatedM3 += step.evaporatedM3
      total.infiltratedM3 += step.infiltratedM3
      total.runoffM3 += step.runoffM3
      total.peakM3S = Math.max(total.peakM3S, step.endM3S)
      flowsM3S[at] = step.endM3S
      if (step.moving) moving = true
      send(makeup.outlet, step.runoffM3 / stepS, runonM3S, lateralM3S)
    }
    route(pipes, nodes, lateralM3S, { stepS, routingS: steps.routingS })
    report.passed(nextS, flowsM3S, pipes.inflowM3S)
    atS = nextS
    onProgress(atS)
  }
  for (const [i, total] of totals.entries()) total.storedAtEndM3 = parts[i]?.storedM3() ?? 0
  for (const [i, node] of nodes.entries()) node.floodedM3 = pipes.floodedM3[i] ?? 0
  return {
    subcatchments: totals,
    nodes,
    conduits: model.network.conduits.map(({ name }, i) => ({
      name,
      peakM3S: pipes.peakM3S[i] ?? 0,
    })),
    continuity: {
      runoff: runoffContinuity(model, totals),
      routing: routingContinuity(model, totals, pipes),
    },
    reported: report.columns(),
  }
}

function send(
  outlet: Outlet,
  flowM3S: number,
  runonM3S: Float64Array,
  lateralM3S: Float64Array,
): void {
  if (outlet.to === 'nowhere') return
  const into = outlet.to === 'node' ? lateralM3S : runonM3S
  into[outlet.at] = (into[outlet.at] ?? 0) + flowM3S
}

/** The pipes in routing steps within a step of the surfaces. */
function route(
  pipes: Network,
  nodes: readonly NodeTotals[],
  lateralM3S: Float64Array,
  { stepS, routingS }: { readonly stepS: number; readonly routingS: number },
): void {
  const count = Math.max(1, Math.ceil(stepS / routingS - 1e-9))
  for (let part = 0; part < count; part++) {
    pipes.step(lateralM3S, stepS / count)
    for (const [i, node] of nodes.entries()) {
      const flow = pipes.inflowM3S[i] ?? 0
      node.inflowM3 += (flow * stepS) / count
      node.peakM3S = Math.max(node.peakM3S, flow)
    }
  }
}
