import gcoordModule from 'gcoord'
import type { Registry } from '../../domain/city/registry.js'

// The package's types describe its ES module; Node loads the CommonJS one, whose exports are the default itself.
const gcoord = gcoordModule as unknown as typeof gcoordModule.default

export type CoordinateReference = Registry['city']['coordinateReference']

export interface LonLat {
  readonly lon: number
  readonly lat: number
}

/**
 * A position in WGS 84, as maps and exports want it.
 *
 * CGCS2000 is taken as WGS 84: the two ellipsoids differ by 0.1 mm in the semi-minor axis; what
 * remains is plate motion since epoch 2000.0, some decimetres, below what a street map shows. Not
 * for surveying. GCJ-02 is undone by iteration to well below a metre; outside of China it is not
 * shifted. Degrees in, degrees out.
 *
 * @param reference the position's own reference counts before the city's
 */
export function toWgs84(
  position: LonLat & { readonly reference?: CoordinateReference | undefined },
  cityReference: CoordinateReference,
): LonLat {
  const { lon, lat, reference = cityReference } = position
  if (reference !== 'GCJ-02') return { lon, lat }
  const [wgsLon, wgsLat] = gcoord.transform<[number, number]>(
    [lon, lat],
    gcoord.GCJ02,
    gcoord.WGS84,
  )
  return { lon: wgsLon, lat: wgsLat }
}
