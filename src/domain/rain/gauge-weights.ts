import { greatCircleM } from '../great-circle.js'

/** A place in degrees of one coordinate reference. */
export interface Place {
  readonly lon: number
  readonly lat: number
}

export interface PlacedGauge extends Place {
  /** Series of its rain. */
  readonly sensor: string
}

/** A gauge's share in the areal rain of a catchment; the shares add up to 1. */
export interface GaugeShare {
  readonly sensor: string
  readonly weight: number
}

/** Weights below this are left out and handed to the others: a corner of a polygon nobody would defend. */
const LEAST_SHARE = 0.005

/** A gauge this near counts as standing at the place, m: nearer its weight would grow beyond all. */
const AT_PLACE_M = 1

/**
 * Thiessen weights: the share of the outline's area that is nearer to a gauge than to any other. The
 * outline is cut by the perpendicular bisectors, in a plane tangent at its middle (for the few
 * kilometres of a catchment within 0.1 %).
 *
 * @param outline corners in order, not closed, at least 3; it may be concave but not cross itself
 * @param gauges at least one; of several at one place the first counts
 * @returns largest first; shares below 0.5 % left out
 */
export function thiessenWeights(
  outline: readonly Place[],
  gauges: readonly PlacedGauge[],
): readonly GaugeShare[] {
  const origin = middle(outline)
  const corners = outline.map((place) => projected(place, origin))
  const points = gauges.map((gauge) => ({ sensor: gauge.sensor, ...projected(gauge, origin) }))
  const shares = points.map(({ sensor, x, y }, i) => {
    let cell: readonly Point[] = corners
    for (const [j, other] of points.entries()) {
      if (i === j) continue
      if (other.x === x && other.y === y) {
        if (j < i) cell = []
      } else cell = nearerPart(cell, { x, y }, other)
    }
    return { sensor, weight: Math.abs(signedArea(cell)) }
  })
  return normalised(shares)
}

/**
 * Inverse-distance weights of the gauges at the middle of an outline: 1/d^power.
 *
 * @param power 2 is usual (recommended)
 */
export function inverseDistanceWeights(
  outline: readonly Place[],
  gauges: readonly PlacedGauge[],
  power: number,
): readonly GaugeShare[] {
  const { lon, lat } = middle(outline)
  const shares = gauges.map((gauge) => {
    const distanceM = Math.max(AT_PLACE_M, greatCircleM(lon, lat, gauge.lon, gauge.lat))
    return { sensor: gauge.sensor, weight: distanceM ** -power }
  })
  return normalised(shares)
}

interface Point {
  readonly x: number
  readonly y: number
}

/** The part of a polygon that is nearer to one point than to another (Sutherland & Hodgman, one edge). */
function nearerPart(polygon: readonly Point[], own: Point, other: Point): readonly Point[] {
  // Positive on the own side of the bisector.
  const side = ({ x, y }: Point): number =>
    (x - (own.x + other.x) / 2) * (own.x - other.x) +
    (y - (own.y + other.y) / 2) * (own.y - other.y)
  const part: Point[] = []
  for (const [i, corner] of polygon.entries()) {
    const next = polygon[(i + 1) % polygon.length] ?? corner
    const here = side(corner)
    const there = side(next)
    if (here >= 0) part.push(corner)
    if (here >= 0 === there >= 0) continue
    const share = here / (here - there)
    part.push({
      x: corner.x + share * (next.x - corner.x),
      y: corner.y + share * (next.y - corner.y),
    })
  }
  return part
}

/** Shoelace formula; a concave outline cut in two counts both parts. */
function signedArea(polygon: readonly Point[]): number {
  let twice = 0
  for (const [i, { x, y }] of polygon.entries()) {
    const next = polygon[(i + 1) % polygon.length]
    if (next !== undefined) twice += x * next.y - next.x * y
  }
  return twice / 2
}

/** Centroid of the area, degrees. */
function middle(outline: readonly Place[]): Place {
  const [first] = outline
  if (first === undefined) throw new RangeError('an outline has at least 3 corners')
  const points = outline.map((place) => ({ x: place.lon - first.lon, y: place.lat - first.lat }))
  const area = signedArea(points)
  if (area === 0) throw new RangeError('the outline encloses no area')
  let x = 0
  let y = 0
  for (const [i, point] of points.entries()) {
    const next = points[(i + 1) % points.length] ?? point
    const cross = point.x * next.y - next.x * point.y
    x += (point.x + next.x) * cross
    y += (point.y + next.y) * cross
  }
  return { lon: first.lon + x / (6 * area), lat: first.lat + y / (6 * area) }
}

/** Metres east and north of the origin would differ by one factor only, which shares do not see. */
function projected({ lon, lat }: Place, origin: Place): Point {
  return { x: (lon - origin.lon) * Math.cos((origin.lat * Math.PI) / 180), y: lat - origin.lat }
}

function normalised(shares: readonly GaugeShare[]): readonly GaugeShare[] {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0)
  const kept = shares.filter(({ weight }) => weight >= LEAST_SHARE * total)
  const keptTotal = kept.reduce((sum, { weight }) => sum + weight, 0)
  return kept
    .map(({ sensor, weight }) => ({ sensor, weight: weight / keptTotal }))
    .toSorted((a, b) => b.weight - a.weight || (a.sensor < b.sensor ? -1 : 1))
}
