/** What a reservoir holds and gives in a step. */
export interface ReservoirStep {
  readonly depthM: number
  /** Water that left over the step, m over the reservoir's area. */
  readonly outflowM: number
}

const EXPONENT = 5 / 3
/** Allowed error of a step of the integration, m. */
const TOLERANCE_M = 1e-8
const MOST_PARTS = 100_000

/** Outflow of a nonlinear reservoir at a depth, m/s: Manning's sheet flow over depression storage. */
export function reservoirOutflow(alpha: number, depthM: number, storageM: number): number {
  return depthM > storageM ? alpha * (depthM - storageM) ** EXPONENT : 0
}

/**
 * Advances `dd/dt = net − α·(d − ds)^(5/3)` by one step (SWMM Reference Manual, vol. I, section 3.3).
 * Up to the depression storage water only gathers; above it the equation is integrated by the
 * classical Runge-Kutta method, each part checked against two halves. What left follows from
 * the balance, so that nothing is lost to the integration.
 *
 * @param depthM at the beginning of the step
 * @param netMS rain and run-on less evaporation and infiltration, m/s; `depthM + netMS·stepS` ≥ 0
 * @param alpha `W·√S/(n·A)` in m^(-2/3)/s; Infinity where all above the storage leaves at once
 * @param storageM depression storage
 */
export function reservoirStep(
  depthM: number,
  netMS: number,
  alpha: number,
  storageM: number,
  stepS: number,
): ReservoirStep {
  let depth = depthM
  let leftS = stepS
  if (depth < storageM) {
    const filled = depth + netMS * stepS
    if (filled <= storageM) return { depthM: Math.max(0, filled), outflowM: 0 }
    leftS = stepS - (storageM - depth) / netMS
    depth = storageM
  }
  if (alpha === Infinity) depth = Math.min(storageM, depth + netMS * leftS)
  else depth = integrated(depth, netMS, alpha, storageM, leftS)
  depth = Math.max(0, Math.min(depth, depthM + netMS * stepS))
  return { depthM: depth, outflowM: depthM + netMS * stepS - depth }
}

function integrated(
  depthM: number,
  netMS: number,
  alpha: number,
  storageM: number,
  stepS: number,
): number {
  const slope = (d: number): number => netMS - reservoirOutflow(alpha, d, storageM)
  const advanced = (d: number, h: number): number => {
    const k1 = slope(d)
    const k2 = slope(d + (h / 2) * k1)
    const k3 = slope(d + (h / 2) * k2)
    const k4 = slope(d + h * k3)
    return d + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
  }
  let depth = depthM
  let leftS = stepS
  let partS = stepS
  for (let part = 0; part < MOST_PARTS && leftS > 0; part++) {
    partS = Math.min(partS, leftS)
    const whole = advanced(depth, partS)
    const halves = advanced(advanced(depth, partS / 2), partS / 2)
    const error = Math.abs(halves - whole)
    if (error > TOLERANCE_M && partS > stepS * 1e-6) {
      partS /= 2
      continue
    }
    depth = halves
    leftS -= partS
    if (error < TOLERANCE_M / 50) partS *= 2
  }
  return depth
}
