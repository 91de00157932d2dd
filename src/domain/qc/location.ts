import { FLAG } from '../flag.js'
import { greatCircleM } from '../great-circle.js'
import type { Context, Positions } from './quality-record.js'

/** Where a device may be and how far it may move from row to row. */
export interface LocationSettings {
  /** Corners of the allowed box, degrees, inclusive; a box across 180° is not supported. */
  readonly box: readonly [west: number, south: number, east: number, north: number]
  /** Suspect when the position of the row before is farther away, m. */
  readonly maxStepM?: number | undefined
}

/** Every place on Earth. */
export const WHOLE_EARTH = [-180, -90, 180, 90] as const

export const LOCATION_CONTEXT: Context = { rowsBefore: 1, rowsAfter: 0, msBefore: 0, msAfter: 0 }

/**
 * Location test (U.S. IOOS QARTOD, location test): fail outside the box, or where only one
 * coordinate is known; suspect where the step from the row before is strictly longer than allowed.
 * Distances are great circles on a sphere, within 0.6 % of those on the ellipsoid.
 *
 * @returns 9 where neither coordinate is known; a step that cannot be told does not count against it
 */
export function location({ lon, lat }: Positions, settings: LocationSettings): Uint8Array {
  const [west, south, east, north] = settings.box
  const flags = new Uint8Array(lon.length)
  for (const [i, x] of lon.entries()) {
    const y = lat[i] ?? Number.NaN
    const isInside = x >= west && x <= east && y >= south && y <= north
    if (Number.isNaN(x) && Number.isNaN(y)) flags[i] = FLAG.missing
    else if (!isInside) flags[i] = FLAG.fail
    else if (isTooFar(lon[i - 1], lat[i - 1], x, y, settings.maxStepM)) flags[i] = FLAG.suspect
    else flags[i] = FLAG.good
  }
  return flags
}

function isTooFar(
  fromLon: number | undefined,
  fromLat: number | undefined,
  lon: number,
  lat: number,
  maxStepM: number | undefined,
): boolean {
  if (maxStepM === undefined || fromLon === undefined || fromLat === undefined) return false
  return greatCircleM(fromLon, fromLat, lon, lat) > maxStepM
}
