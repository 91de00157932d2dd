import type { CityFault, CityPath } from '../city-fault.js'
import type { CityView } from '../city-view.js'
import { nearest } from '../nearest.js'
import { entries, sensorsOf, type SensorDraft } from '../registry-draft.js'

/** The neighbour test compares increments of rain gauges that report in step. */
export function qualityTestFaults(city: CityView): CityFault[] {
  const faults: CityFault[] = []
  for (const { sensor, path } of sensorsOf(city.registry)) {
    const neighbour = sensor.qc?.neighbour
    if (neighbour === undefined || neighbour === 'off') continue
    const at = [...path, 'qc', 'neighbour']
    const unfit = unfitness(sensor)
    if (unfit !== null) {
      faults.push({
        path: at,
        message: `the neighbour test needs a rain gauge that reports increments in step; this sensor ${unfit}`,
        remedy: 'delete it, or write off',
      })
    }
    for (const [index, id] of entries(neighbour.sensors)) {
      faults.push(...namedFaults(id, sensor.id, [...at, 'sensors', index], city))
    }
  }
  return faults
}

function namedFaults(
  id: string,
  own: string | undefined,
  path: CityPath,
  { registry, sensors }: CityView,
): CityFault[] {
  if (id === own) {
    const message = `"${id}" is the gauge itself`
    return [{ path, message, remedy: 'name other gauges' }]
  }
  const placed = sensors.get(id)
  if (placed === undefined) {
    if ('devices' in registry && registry.devices === undefined) return []
    const meant = nearest(id, sensors.keys())
    return [
      {
        path,
        message: `no sensor has the id "${id}"`,
        remedy: meant === null ? 'name a sensor of the section devices' : `write ${meant}`,
      },
    ]
  }
  const unfit = unfitness(placed.sensor)
  if (unfit === null) return []
  return [
    {
      path,
      message: `sensor "${id}" ${unfit}; a neighbour is a rain gauge that reports increments in step`,
      remedy: 'name another gauge',
    },
  ]
}

/** Why a sensor cannot take part; null when it can, or when what decides could not be read. */
function unfitness({ quantity, kind, reporting }: SensorDraft): string | null {
  if (quantity !== undefined && quantity !== 'rain_depth') return `observes ${quantity}`
  if (kind?.type === 'counter') return 'is a counter'
  if (reporting?.type === 'on-change') return 'reports on change'
  return null
}
