import type { CityFault, CityPath } from '../city-fault.js'
import { SECTIONS, type CityView, type Section } from '../city-view.js'
import { nearest } from '../nearest.js'
import type { Quantity } from '../../quantity.js'
import { entries } from '../registry-draft.js'

const WELL_QUANTITIES = ['groundwater_level', 'groundwater_depth'] as const

/** Every id that is referred to exists, and every sensor in a role observes what the role needs. */
export function referenceFaults(city: CityView): CityFault[] {
  const { registry } = city
  const faults: CityFault[] = []

  /** A list that was given but could not be read may hold anything. */
  function isUnreadable(section: Section): boolean {
    return section in registry && registry[section] === undefined
  }

  function refer(section: Section, id: string | undefined, path: CityPath): void {
    if (id === undefined || city[section].has(id) || isUnreadable(section)) return
    faults.push(absent(SECTIONS[section], id, path, city[section].keys(), section))
  }

  function referSensor(
    fitting: Quantity | readonly Quantity[],
    role: string,
    id: string | undefined,
    path: CityPath,
  ): void {
    if (id === undefined) return
    const placed = city.sensors.get(id)
    if (placed === undefined) {
      if (isUnreadable('devices')) return
      faults.push(absent('sensor', id, path, city.sensors.keys(), 'devices'))
      return
    }
    const quantities = typeof fitting === 'string' ? [fitting] : fitting
    const observed = placed.sensor.quantity
    if (observed === undefined || quantities.includes(observed)) return
    const needed = quantities.join(' or ')
    faults.push({
      path,
      message: `sensor "${id}" observes ${observed}; ${role} needs ${needed}`,
      remedy: `name a sensor of quantity ${needed}${some(sensorsObserving(city, quantities))}`,
    })
  }

  for (const [i, project] of entries(registry.projects)) {
    refer('drainageZones', project.zone, ['projects', i, 'zone'])
  }
  for (const [i, catchment] of entries(registry.catchments)) {
    const path = ['catchments', i]
    refer('drainageZones', catchment.zone, [...path, 'zone'])
    refer('projects', catchment.project, [...path, 'project'])
    for (const [k, gauge] of entries(catchment.gauges)) {
      referSensor('rain_depth', 'areal rain', gauge.sensor, [...path, 'gauges', k, 'sensor'])
    }
  }
  for (const [i, facility] of entries(registry.facilities)) {
    refer('projects', facility.project, ['facilities', i, 'project'])
    refer('catchments', facility.catchment, ['facilities', i, 'catchment'])
  }
  for (const [i, outfall] of entries(registry.outfalls)) {
    const path = ['outfalls', i]
    refer('drainageZones', outfall.zone, [...path, 'zone'])
    for (const [k, catchment] of entries(outfall.catchments)) {
      refer('catchments', catchment, [...path, 'catchments', k])
    }
    for (const [k, metering] of entries(outfall.metering)) {
      if (metering.state !== 'metered') continue
      referSensor('flow', 'a metered outfall', metering.sensor, [...path, 'metering', k, 'sensor'])
    }
    for (const [k, inflow] of entries(outfall.upstream)) {
      referSensor('flow', 'upstream inflow', inflow.sensor, [...path, 'upstream', k, 'sensor'])
    }
  }
  for (const [i, point] of entries(registry.pondingPoints)) {
    const path = ['pondingPoints', i]
    refer('drainageZones', point.zone, [...path, 'zone'])
    referSensor('ponding_depth', 'a ponding point', point.sensor, [...path, 'sensor'])
    referSensor('rain_depth', 'the end of the rain', point.gauge, [...path, 'gauge'])
  }
  for (const [i, well] of entries(registry.groundwater?.wells)) {
    referSensor(WELL_QUANTITIES, 'a well', well.sensor, ['groundwater', 'wells', i, 'sensor'])
  }
  for (const group of ['inside', 'outside'] as const) {
    for (const [i, sensor] of entries(registry.heatIsland?.[group])) {
      referSensor('air_temperature', 'the heat island', sensor, ['heatIsland', group, i])
    }
  }
  const { rain, wind } = registry.heatIsland?.weather ?? {}
  referSensor('rain_depth', 'a day of rain', rain, ['heatIsland', 'weather', 'rain'])
  referSensor('wind_speed', 'a day of wind', wind, ['heatIsland', 'weather', 'wind'])
  for (const [i, device] of entries(registry.devices)) {
    refer('stations', device.station, ['devices', i, 'station'])
  }
  return faults
}

function absent(
  what: string,
  id: string,
  path: CityPath,
  known: Iterable<string>,
  section: Section,
): CityFault {
  const meant = nearest(id, known)
  return {
    path,
    message: `there is no ${what} "${id}"`,
    remedy:
      meant === null
        ? `add the ${what} under ${section}, or name one that is there`
        : `write "${meant}", or add "${id}" under ${section}`,
  }
}

function sensorsObserving(city: CityView, quantities: readonly Quantity[]): string[] {
  const ids: string[] = []
  for (const [id, { sensor }] of city.sensors) {
    if (sensor.quantity !== undefined && quantities.includes(sensor.quantity)) ids.push(id)
  }
  return ids
}

function some(ids: readonly string[]): string {
  if (ids.length === 0) return ''
  const shown = ids.slice(0, 3).join(', ')
  return `, e.g. ${shown}${ids.length > 3 ? ', …' : ''}`
}
