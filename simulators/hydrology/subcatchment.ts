import { layeredUnit } from './lid/layered-unit.js'
import type { LidUnit, LidUse } from './lid/makeup.js'
import { rainBarrel } from './lid/rain-barrel.js'
import type { SubcatchmentMakeup } from './model.js'
import { surfacesOf, type Surface, type SurfaceStep } from './surfaces.js'

/** What a subcatchment did in a step. */
export interface SubcatchmentStep {
  /** Volumes of the step, m³. */
  readonly rainM3: number
  readonly evaporatedM3: number
  readonly infiltratedM3: number
  readonly runoffM3: number
  /** Flow to the outlet at the end of the step, m³/s. */
  readonly endM3S: number
  /** Whether anything moves, so that the next step is a wet one. */
  readonly moving: boolean
}

export interface Subcatchment {
  /**
   * Advances one step.
   *
   * @param runonM3S flow from other subcatchments, m³/s
   */
  step(rainMS: number, runonM3S: number, evaporationMS: number, stepS: number): SubcatchmentStep
  /** Water on its surfaces, in its facilities and on its way back to pervious ground, m³. */
  storedM3(): number
}

interface Facility {
  readonly use: LidUse
  readonly areaM2: number
  readonly unit: LidUnit
}

/** Below this a surface or facility counts as still, m/s: 0.004 mm/h. */
const STILL_MS = 1e-9

/**
 * A subcatchment after SWMM Reference Manual, vol. I, chapter 3: two impervious surfaces and a
 * pervious one, each a nonlinear reservoir, and facilities that stand beside them and may take a
 * share of their runoff. Flow between them is the mean of the step, so that each step closes its balance.
 */
export function subcatchment(makeup: SubcatchmentMakeup): Subcatchment {
  const facilities = makeup.facilities.map(facilityOf)
  const lidM2 = facilities.reduce((sum, { areaM2 }) => sum + areaM2, 0)
  const coveredM2 = facilities.reduce(
    (sum, { use, areaM2 }) => sum + (use.control.layers.storage?.covered === true ? areaM2 : 0),
    0,
  )
  const rainedM2 = makeup.areaM2 - coveredM2
  const openM2 = Math.max(0, makeup.areaM2 - lidM2)
  const { bare, paved, pervious } = surfacesOf(makeup, openM2)
  const surfaces = [bare, paved, pervious]
  const { to, share } = makeup.routing
  const toPervious = to === 'pervious' && pervious.areaM2 > 0 ? share : 0
  const toPaved = to === 'impervious' && paved.areaM2 > 0 ? share : 0
  const taken = {
    impervious: facilities.reduce((sum, { use }) => sum + use.fromImpervious, 0),
    pervious: facilities.reduce((sum, { use }) => sum + use.fromPervious, 0),
  }
  /** Outflow of facilities that goes onto pervious ground in the next step. */
  let returningM3 = 0

  return {
    step(rainMS, runonM3S, evaporationMS, stepS) {
      const sum = { evaporated: 0, infiltrated: 0, mean: 0, end: 0 }
      let moving = rainMS > 0 || runonM3S > 0
      const runonMS = openM2 > 0 ? runonM3S / openM2 : 0

      function advance(surface: Surface, extraM3S: number): SurfaceStep {
        if (surface.areaM2 <= 0) return NOTHING
        const extraMS = extraM3S / surface.areaM2
        const step = surface.step(rainMS, runonMS + extraMS, evaporationMS, stepS)
        sum.evaporated += step.evaporationMS * surface.areaM2
        sum.infiltrated += step.infiltrationMS * surface.areaM2
        if (step.outflowMS > STILL_MS) moving = true
        return step
      }
      const returnedM3S = returningM3 / stepS
      returningM3 = 0
      const bareStep = advance(bare, 0)
      let pavedStep: SurfaceStep
      let perviousStep: SurfaceStep
      if (toPaved > 0) {
        perviousStep = advance(pervious, returnedM3S)
        pavedStep = advance(paved, toPaved * perviousStep.outflowMS * pervious.areaM2)
      } else {
        pavedStep = advance(paved, 0)
        const pavedM3S = bareStep.outflowMS * bare.areaM2 + pavedStep.outflowMS * paved.areaM2
        perviousStep = advance(pervious, toPervious * pavedM3S + returnedM3S)
      }

      const impervious = flowOf(1 - toPervious, [bare, bareStep], [paved, pavedStep])
      const fromPervious = flowOf(1 - toPaved, [pervious, perviousStep])
      sum.mean +=
        (1 - taken.impervious) * impervious.mean + (1 - taken.pervious) * fromPervious.mean
      sum.end += (1 - taken.impervious) * impervious.end + (1 - taken.pervious) * fromPervious.end

      for (const { use, areaM2, unit } of facilities) {
        const received =
          use.fromImpervious * impervious.mean +
          use.fromPervious * fromPervious.mean +
          (openM2 > 0 ? 0 : (runonM3S * areaM2) / lidM2)
        const step = unit.step(rainMS, received / areaM2, evaporationMS, stepS)
        sum.evaporated += step.evaporationMS * areaM2
        sum.infiltrated += step.seepageMS * areaM2
        const out = (step.overflowMS + step.drainMS) * areaM2
        if (Math.max(step.inflowMS, step.seepageMS, step.overflowMS + step.drainMS) > STILL_MS) {
          moving = true
        }
        if (use.toPervious && pervious.areaM2 > 0) returningM3 += out * stepS
        else {
          sum.mean += out
          sum.end += out
        }
      }
      return {
        rainM3: rainMS * stepS * rainedM2,
        evaporatedM3: sum.evaporated * stepS,
        infiltratedM3: sum.infiltrated * stepS,
        runoffM3: sum.mean * stepS,
        endM3S: sum.end,
        moving,
      }
    },
    storedM3: () =>
      surfaces.reduce((sum, surface) => sum + surface.storedM() * surface.areaM2, returningM3) +
      facilities.reduce((sum, { areaM2, unit }) => sum + unit.storedM() * areaM2, 0),
  }
}

const NOTHING: SurfaceStep = { evaporationMS: 0, infiltrationMS: 0, outflowMS: 0, endMS: 0 }

function facilityOf(use: LidUse): Facility {
  const { layers, kind } = use.control
  return {
    use,
    areaM2: use.count * use.areaM2,
    unit:
      kind === 'RB'
        ? rainBarrel(layers, use.initialShare, use.dryBeforeS)
        : layeredUnit(layers, use.initialShare, use.widthM, use.areaM2),
  }
}

/** Mean flow over a step and flow at its end of some surfaces, a share of it, m³/s. */
function flowOf(share: number, ...parts: readonly (readonly [Surface, SurfaceStep])[]) {
  let mean = 0
  let end = 0
  for (const [{ areaM2 }, step] of parts) {
    mean += share * step.outflowMS * areaM2
    end += share * step.endMS * areaM2
  }
  return { mean, end }
}
