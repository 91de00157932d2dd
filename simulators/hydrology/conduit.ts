import type { ConduitMakeup, ConduitShape } from './model.js'

/** A conduit in which water moves down by kinematic waves. */
export interface Conduit {
  /** Most that it takes: Manning's flow at full depth, m³/s. */
  readonly fullM3S: number
  /**
   * Advances one step and returns the mean flow out of it, m³/s.
   *
   * @param inflowM3S mean inflow over the step, at most `fullM3S`
   */
  step(inflowM3S: number, stepS: number): number
  storedM3(): number
}

const MOST_CELLS = 50
const HALVINGS = 80
const ROUNDS = 60
/** How near a level is found, as a share of the water of its cell. */
const PRECISION = 1e-10

/**
 * Kinematic wave (SWMM Reference Manual, vol. II, EPA/600/R-17/111, chapter 4): continuity, with
 * Manning's flow of the slope of the bed in every section. The conduit is cut into cells about as long
 * as a full pipe's wave goes in a routing step; each is solved implicitly, so that any step is
 * stable and volume is kept exactly.
 *
 * @param routingS step for which the cells are cut
 */
export function conduit(makeup: ConduitMakeup, routingS: number): Conduit {
  const { lengthM, roughness, slope, shape, barrels } = makeup
  const fullAreaM2 = areaOf(shape, shape.heightM)
  const root = Math.sqrt(slope) / roughness
  const fullM3S = root * conveyed(shape, shape.heightM)
  // The wave of a wide section is 5/3 as fast as its water; that is near enough to choose cells.
  const waveM = ((5 / 3) * fullM3S * routingS) / fullAreaM2
  const cells = Math.max(1, Math.min(MOST_CELLS, Math.round(lengthM / waveM)))
  const cellM = lengthM / cells
  const areasM2 = new Float64Array(cells)
  // A circular pipe carries its full flow already below its crown; above that depth it takes no more.
  const mostDepthM = depthOfFlow(shape, fullM3S / root, shape.heightM)

  /** Outflow of a cell: what came and stood is what flows and stands. */
  function outflow(beforeM2: number, inflowM3S: number, stepS: number): number {
    const perCell = stepS / cellM
    const offeredM2 = beforeM2 + inflowM3S * perCell
    if (offeredM2 <= 0) return 0
    const depthM = levelWhere(
      (depthM) => {
        const area = areaOf(shape, depthM)
        const flow = root * conveyed(shape, depthM)
        const { topM, wallGrowth } = growthOf(shape, depthM)
        const perimeter = wettedPerimeter(shape, depthM)
        const flowGrowth = flow * ((5 / 3) * (topM / area) - (2 / 3) * (wallGrowth / perimeter))
        return {
          excess: area + flow * perCell - offeredM2,
          slope: topM + flowGrowth * perCell,
        }
      },
      mostDepthM,
      offeredM2 * PRECISION,
    )
    return Math.min(root * conveyed(shape, depthM), offeredM2 / perCell)
  }

  return {
    fullM3S: barrels * fullM3S,
    step(inflowM3S, stepS) {
      let flow = inflowM3S / barrels
      for (let cell = 0; cell < cells; cell++) {
        const beforeM2 = areasM2[cell] ?? 0
        const out = outflow(beforeM2, flow, stepS)
        areasM2[cell] = Math.max(0, beforeM2 + ((flow - out) * stepS) / cellM)
        flow = out
      }
      return barrels * flow
    },
    storedM3: () => barrels * cellM * areasM2.reduce((sum, area) => sum + area, 0),
  }
}

/** Wetted area at a depth, m². */
export function areaOf(shape: ConduitShape, depthM: number): number {
  if (shape.kind !== 'circular') return shape.widthM * depthM
  const angle = wettedAngle(shape.heightM, depthM)
  return (shape.heightM ** 2 / 8) * (angle - Math.sin(angle))
}

/** Section factor `A·R^(2/3)` at a depth, m^(8/3). */
export function conveyed(shape: ConduitShape, depthM: number): number {
  if (depthM <= 0) return 0
  const area = areaOf(shape, depthM)
  return area * (area / wettedPerimeter(shape, depthM)) ** (2 / 3)
}

function wettedPerimeter(shape: ConduitShape, depthM: number): number {
  if (shape.kind === 'circular') {
    return (shape.heightM / 2) * wettedAngle(shape.heightM, depthM)
  }
  const crown = shape.kind === 'closed-rectangle' && depthM >= shape.heightM ? shape.widthM : 0
  return shape.widthM + 2 * depthM + crown
}

/** Angle at the centre that the wetted wall spans, rad. */
function wettedAngle(diameterM: number, depthM: number): number {
  return 2 * Math.acos(Math.max(-1, Math.min(1, 1 - (2 * depthM) / diameterM)))
}

/** Width of the water and growth of the wetted perimeter with depth; the water stands within the section. */
function growthOf(shape: ConduitShape, depthM: number) {
  if (shape.kind !== 'circular') return { topM: shape.widthM, wallGrowth: 2 }
  const halfM = Math.sqrt(Math.max(0, depthM * (shape.heightM - depthM)))
  return { topM: 2 * halfM, wallGrowth: shape.heightM / halfM }
}

/**
 * Where a growing function of depth is zero to within a precision: Newton's steps from the most depth, and
 * halves where a step leaves what is known to hold the answer.
 */
function levelWhere(
  at: (depthM: number) => { readonly excess: number; readonly slope: number },
  mostM: number,
  enough: number,
): number {
  let low = 0
  let high = mostM
  let depthM = mostM
  for (let round = 0; round < ROUNDS; round++) {
    const { excess, slope } = at(depthM)
    if (Math.abs(excess) <= enough || (excess < 0 && depthM === mostM)) return depthM
    if (excess < 0) low = depthM
    else high = depthM
    const next = depthM - excess / slope
    depthM = next > low && next < high ? next : (low + high) / 2
  }
  return low
}

/** The lowest depth that carries a section factor, by bisection below the greatest one. */
function depthOfFlow(shape: ConduitShape, factor: number, heightM: number): number {
  // The section factor of a circle grows up to 0.938 of the diameter.
  let low = 0
  let high = shape.kind === 'circular' ? 0.938 * heightM : heightM
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2
    if (conveyed(shape, middle) < factor) low = middle
    else high = middle
  }
  return (low + high) / 2
}
