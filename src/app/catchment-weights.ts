import { toWgs84 } from '../adapters/city-file/index.js'
import type { Registry } from '../domain/city/registry.js'
import {
  inverseDistanceWeights,
  thiessenWeights,
  type GaugeShare,
  type PlacedGauge,
} from '../domain/rain/gauge-weights.js'

export type WeightMethod = 'thiessen' | 'idw'

/** Power of the inverse distance (recommended). */
const POWER = 2

export interface CatchmentWeights {
  readonly catchment: string
  /** Null for a catchment without an outline. */
  readonly gauges: readonly GaugeShare[] | null
}

/** Weights of the city's rain gauges for each catchment with an outline. */
export function catchmentWeights(
  registry: Registry,
  method: WeightMethod,
): readonly CatchmentWeights[] {
  const reference = registry.city.coordinateReference
  const stations = new Map(registry.stations.map(({ id, position }) => [id, position]))
  const gauges = registry.devices.flatMap(({ station, sensors }): PlacedGauge[] => {
    const position = stations.get(station)
    if (position === undefined) return []
    const place = toWgs84(position, position.reference ?? reference)
    return sensors
      .filter(({ quantity }) => quantity === 'rain_depth')
      .map(({ id }) => ({ sensor: id, ...place }))
  })
  return registry.catchments.map(({ id, outline }) => {
    if (outline === undefined || gauges.length === 0) return { catchment: id, gauges: null }
    const corners = outline.map(([lon, lat]) => toWgs84({ lon, lat }, reference))
    const shares =
      method === 'thiessen'
        ? thiessenWeights(corners, gauges)
        : inverseDistanceWeights(corners, gauges, POWER)
    return { catchment: id, gauges: shares }
  })
}
