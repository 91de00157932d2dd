import { greenAmpt } from './green-ampt.js'
import { horton } from './horton.js'
import { NO_INFILTRATION, type Infiltration } from './infiltration.js'
import type { InfiltrationMakeup, SubcatchmentMakeup } from './model.js'
import { reservoirOutflow, reservoirStep } from './surface-reservoir.js'

/** One of the three surfaces of a subcatchment. */
export interface Surface {
  readonly areaM2: number
  /**
   * Advances one step.
   *
   * @param runonMS water from elsewhere, over this surface, m/s
   */
  step(rainMS: number, runonMS: number, evaporationMS: number, stepS: number): SurfaceStep
  storedM(): number
}

/** Mean rates over a step and the flow at its end, m/s over the surface. */
export interface SurfaceStep {
  readonly evaporationMS: number
  readonly infiltrationMS: number
  readonly outflowMS: number
  readonly endMS: number
}

export interface Surfaces {
  /** Impervious without depression storage, impervious with it, pervious. */
  readonly bare: Surface
  readonly paved: Surface
  readonly pervious: Surface
}

/** The surfaces of a subcatchment on the area that its facilities leave. */
export function surfacesOf(makeup: SubcatchmentMakeup, areaM2: number): Surfaces {
  const { widthM, slope, impervious, withoutStorage, roughness, storageM } = makeup
  const imperviousM2 = areaM2 * impervious
  const perviousM2 = areaM2 - imperviousM2
  /** `W·√S/(n·A)`; all impervious ground shares the width. */
  function alpha(n: number, sharedM2: number): number {
    if (n === 0) return Infinity
    return sharedM2 > 0 ? (widthM * Math.sqrt(slope)) / (n * sharedM2) : 0
  }
  const paved = alpha(roughness.impervious, imperviousM2)
  return {
    bare: surface(imperviousM2 * withoutStorage, paved, 0, NO_INFILTRATION),
    paved: surface(
      imperviousM2 * (1 - withoutStorage),
      paved,
      storageM.impervious,
      NO_INFILTRATION,
    ),
    pervious: surface(
      perviousM2,
      alpha(roughness.pervious, perviousM2),
      storageM.pervious,
      infiltrationOf(makeup.infiltration),
    ),
  }
}

function infiltrationOf(makeup: InfiltrationMakeup): Infiltration {
  return makeup.method === 'horton' ? horton(makeup) : greenAmpt(makeup)
}

/** A nonlinear reservoir that evaporates first, then infiltrates, then drains. */
function surface(
  areaM2: number,
  alpha: number,
  storageM: number,
  infiltration: Infiltration,
): Surface {
  let depthM = 0
  return {
    areaM2,
    step(rainMS, runonMS, evaporationMS, stepS) {
      const inflowMS = rainMS + runonMS
      const pondedMS = depthM / stepS
      const evaporatedMS = Math.min(evaporationMS, pondedMS)
      const soakedMS = Math.min(
        infiltration.take(inflowMS, depthM, stepS),
        inflowMS + pondedMS - evaporatedMS,
      )
      const netMS = inflowMS - evaporatedMS - soakedMS
      const after = reservoirStep(depthM, netMS, alpha, storageM, stepS)
      depthM = after.depthM
      const outflowMS = after.outflowM / stepS
      return {
        evaporationMS: evaporatedMS,
        infiltrationMS: soakedMS,
        outflowMS,
        endMS: alpha === Infinity ? outflowMS : reservoirOutflow(alpha, depthM, storageM),
      }
    },
    storedM: () => depthM,
  }
}
