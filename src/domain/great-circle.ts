/** IUGG mean radius of the Earth (GRS 80), m. */
const EARTH_RADIUS_M = 6_371_008.8

/**
 * Great-circle distance of two places by the haversine formula, m; degrees in. On a sphere: within
 * 0.6 % of the distance on the ellipsoid. NaN when a coordinate is.
 */
export function greatCircleM(fromLon: number, fromLat: number, lon: number, lat: number): number {
  const radians = Math.PI / 180
  const halfLat = ((lat - fromLat) * radians) / 2
  const halfLon = ((lon - fromLon) * radians) / 2
  const h =
    Math.sin(halfLat) ** 2 +
    Math.cos(fromLat * radians) * Math.cos(lat * radians) * Math.sin(halfLon) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}
