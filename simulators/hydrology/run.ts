import type { HydrologyModel, Outlet } from './model.js'
import { network, type Network } from './network.js'
import { reportColumns, type ReportColumns } from './report-columns.js'
import { subcatchment, type Subcatchment } from './subcatchment.js'
import { orderedDown } from './upstream-first.js'

/** What a run came to. */
export interface HydrologyRun {
  readonly subcatchments: readonly SubcatchmentTotals[]
  readonly nodes: readonly NodeTotals[]
  readonly conduits: readonly ConduitTotals[]
  readonly continuity: { readonly runoff: RunoffContinuity; readonly routing: RoutingContinuity }
  readonly reported: ReportColumns
}

/** Volumes in m³, flows in m³/s. */
export interface SubcatchmentTotals {
  readonly name: string
  readonly areaM2: number
  rainM3: number
  runonM3: number
  evaporatedM3: number
  infiltratedM3: number
  runoffM3: number
  peakM3S: number
  readonly storedAtStartM3: number
  storedAtEndM3: number
}

export interface NodeTotals {
  readonly name: string
  readonly kind: 'junction' | 'outfall'
  inflowM3: number
  peakM3S: number
  floodedM3: number
}

export interface ConduitTotals {
  readonly name: string
  readonly peakM3S: number
}

/** m³, and what does not close in percent of what came in. */
export interface RunoffContinuity {
  readonly storedAtStartM3: number
  readonly rainM3: number
  readonly evaporatedM3: number
  readonly infiltratedM3: number
  readonly runoffM3: number
  readonly storedAtEndM3: number
  readonly errorPercent: number
}

export interface RoutingContinuity {
  readonly inflowM3: number
  readonly outflowM3: number
  readonly floodedM3: number
  readonly storedAtEndM3: number
  readonly errorPercent: number
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

function emptyTotals(
  { name, areaM2 }: { readonly name: string; readonly areaM2: number },
  part: Subcatchment | undefined,
): SubcatchmentTotals {
  const storedAtStartM3 = part?.storedM3() ?? 0
  return {
    ...{ name, areaM2, storedAtStartM3, storedAtEndM3: storedAtStartM3 },
    ...{ rainM3: 0, runonM3: 0, evaporatedM3: 0, infiltratedM3: 0, runoffM3: 0, peakM3S: 0 },
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

function runoffContinuity(
  { subcatchments }: HydrologyModel,
  totals: readonly SubcatchmentTotals[],
): RunoffContinuity {
  const sum = (of: (total: SubcatchmentTotals, at: number) => number): number =>
    totals.reduce((all, total, at) => all + of(total, at), 0)
  const storedAtStartM3 = sum((total) => total.storedAtStartM3)
  const rainM3 = sum((total) => total.rainM3)
  const evaporatedM3 = sum((total) => total.evaporatedM3)
  const infiltratedM3 = sum((total) => total.infiltratedM3)
  const storedAtEndM3 = sum((total) => total.storedAtEndM3)
  // What another subcatchment received has not left.
  const runoffM3 = sum(({ runoffM3 }, at) =>
    subcatchments[at]?.outlet.to === 'subcatchment' ? 0 : runoffM3,
  )
  const cameM3 = storedAtStartM3 + rainM3
  return {
    ...{ storedAtStartM3, rainM3, evaporatedM3, infiltratedM3, runoffM3, storedAtEndM3 },
    errorPercent: percentOf(
      cameM3 - evaporatedM3 - infiltratedM3 - runoffM3 - storedAtEndM3,
      cameM3,
    ),
  }
}

function routingContinuity(
  { subcatchments }: HydrologyModel,
  totals: readonly SubcatchmentTotals[],
  pipes: Network,
): RoutingContinuity {
  const inflowM3 = totals.reduce(
    (sum, { runoffM3 }, at) => sum + (subcatchments[at]?.outlet.to === 'node' ? runoffM3 : 0),
    0,
  )
  const outflowM3 = pipes.outflowM3.reduce((sum, value) => sum + value, 0)
  const floodedM3 = pipes.floodedM3.reduce((sum, value) => sum + value, 0)
  const storedAtEndM3 = pipes.storedM3()
  return {
    ...{ inflowM3, outflowM3, floodedM3, storedAtEndM3 },
    errorPercent: percentOf(inflowM3 - outflowM3 - floodedM3 - storedAtEndM3, inflowM3),
  }
}

function percentOf(part: number, whole: number): number {
  return whole > 0 ? (100 * part) / whole : 0
}
