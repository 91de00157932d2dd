import { sum } from 'simple-statistics'

/** Volume capture ratio against design rainfall depth (年径流总量控制率–设计降雨量), from daily rain. */
export interface CaptureCurve {
  /** Days that the curve rests on. */
  readonly days: number
  /** Their rain, mm. */
  readonly sumMm: number
  /**
   * Share of the rain that is controlled when every day keeps up to this depth, 0 to 1:
   * `Σ min(Xk, H) / Σ Xk`.
   *
   * @param depthMm >= 0
   */
  readonly shareOf: (depthMm: number) => number
  /**
   * Design rainfall depth of a share, mm: linear interpolation on (X, α), which is exact because α
   * is linear between the days' depths.
   *
   * @param share 0 to 1
   */
  readonly depthOf: (share: number) => number
}

/**
 * The curve of a sample of daily depths: sorted ascending X1 … XN,
 * `αi = [(X1 + … + Xi) + Xi·(N − i)] / ΣX` (code appendix A.0.1 as read in standards sheet S13; the
 * closed form is (unverified) in symbols). It is a share of volume, not the frequency m/(N + 1) of
 * days that do not exceed H.
 *
 * @param depthsMm daily depths after days of 2 mm or less and snow were dropped, mm, > 0, any order
 * @throws RangeError for no day, or a depth that is not above zero
 */
export function captureCurve(depthsMm: readonly number[] | Float64Array): CaptureCurve {
  const depths = Float64Array.from(depthsMm).sort()
  const [least] = depths
  if (least === undefined) throw new RangeError('a capture curve wants at least one day of rain')
  if (!(least > 0)) throw new RangeError(`${least} mm is no depth of a day with rain`)
  const sumMm = sum([...depths])
  /** Share of the rain controlled at the depth of each day. */
  const shares = new Float64Array(depths.length)
  let below = 0
  for (const [i, depth] of depths.entries()) {
    below += depth
    shares[i] = (below + depth * (depths.length - 1 - i)) / sumMm
  }
  return {
    days: depths.length,
    sumMm,
    shareOf: (depthMm) => interpolated(depths, shares, depthMm),
    depthOf: (share) => interpolated(shares, depths, share),
  }
}

/** y at x on the line from (0, 0) through the points, level after the last. */
function interpolated(xs: Float64Array, ys: Float64Array, x: number): number {
  let above = 0
  let end = xs.length
  while (above < end) {
    const middle = (above + end) >> 1
    if ((xs[middle] ?? 0) < x) above = middle + 1
    else end = middle
  }
  const last = xs.length - 1
  if (above > last) return ys[last] ?? 0
  const x1 = xs[above] ?? 0
  const y1 = ys[above] ?? 0
  const x0 = above === 0 ? 0 : (xs[above - 1] ?? 0)
  const y0 = above === 0 ? 0 : (ys[above - 1] ?? 0)
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}
