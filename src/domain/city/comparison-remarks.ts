import { GROUNDWATER_635 } from '../groundwater/groundwater-rule.js'
import { HEAT_RULE } from '../heat-island/heat-rule.js'
import { instantOf, localTime } from '../local-time.js'
import type { CityFault, CityPath } from './city-fault.js'
import { groundElevationM, wellZeroM } from './elevations.js'
import type { RegistryIndex } from './registry-index.js'
import type { ComparedYears, Registry } from './registry.js'

/** What leaves the trend of the groundwater or the heat island without a result. */
export function comparisonRemarks(registry: Registry, index: RegistryIndex): CityFault[] {
  return [...groundwaterRemarks(registry, index), ...heatRemarks(registry, index)]
}

function groundwaterRemarks(registry: Registry, index: RegistryIndex): CityFault[] {
  const { groundwater } = registry
  if (groundwater === undefined) return []
  const remarks = fewYears(groundwater, GROUNDWATER_635.trend.beforeYearsMin, ['groundwater'])
  if (groundwater.meanAnnualRainMm === undefined) {
    remarks.push({
      path: ['groundwater'],
      message:
        'the mean annual rain is not given, so indicator 3 of 635, which asks nothing above 1000 mm, is not evaluated',
      remedy: 'add meanAnnualRainMm: { mm, provenance }, over 30 years or more',
    })
  }
  if (groundwater.wells.every(({ underPumping }) => underPumping)) {
    remarks.push({
      path: ['groundwater', 'wells'],
      message: 'every well is within the influence of pumping; none is left to judge',
      remedy: 'add wells beyond its influence',
    })
  }
  for (const [i, { sensor, underPumping }] of groundwater.wells.entries()) {
    if (underPumping) continue
    const path = ['groundwater', 'wells', i, 'sensor']
    const known = index.sensors.get(sensor)
    if (known !== undefined && wellZeroM(registry, known.sensor) === null) {
      remarks.push({
        path,
        message: `the elevation of well "${sensor}" is not known, so the groundwater is not evaluated`,
        remedy:
          known.sensor.quantity === 'groundwater_level'
            ? 'add datumM to the sensor: the elevation of its zero, 0 where it gives levels above the datum'
            : 'add groundElevationM to its station, or datumM to the sensor',
      })
    }
    remarks.push(...missedYears(registry, index, sensor, groundwater, path))
  }
  return remarks
}

function heatRemarks(registry: Registry, index: RegistryIndex): CityFault[] {
  const { heatIsland } = registry
  if (heatIsland === undefined) return []
  const remarks = fewYears(heatIsland, HEAT_RULE.years.beforeMin, ['heatIsland'])
  for (const group of ['inside', 'outside'] as const) {
    for (const [i, sensor] of heatIsland[group].entries()) {
      const path = ['heatIsland', group, i]
      if (groundElevationM(registry, sensor) === null) {
        remarks.push({
          path,
          message: `the altitude of site "${sensor}" is not known, so the heat island is not evaluated`,
          remedy: 'add groundElevationM to its station',
        })
      }
      remarks.push(...missedYears(registry, index, sensor, heatIsland, path))
    }
  }
  for (const role of ['rain', 'wind'] as const) {
    const sensor = heatIsland.weather?.[role]
    if (sensor === undefined) continue
    const path = ['heatIsland', 'weather', role]
    remarks.push(...missedYears(registry, index, sensor, heatIsland, path))
  }
  return remarks
}

function fewYears({ before }: ComparedYears, least: number, path: CityPath): CityFault[] {
  const years = before.toYear - before.fromYear + 1
  if (years >= least) return []
  return [
    {
      path: [...path, 'before'],
      message: `${years} years before construction are fewer than ${least}; what was before is not known`,
      remedy: `give ${least} years or more`,
    },
  ]
}

/** Years that a device did not live through whole have no values of it. */
function missedYears(
  registry: Registry,
  index: RegistryIndex,
  sensor: string,
  { before, after }: ComparedYears,
  path: CityPath,
): CityFault[] {
  const device = index.sensors.get(sensor)?.device
  if (device === undefined) return []
  const time = localTime(registry.city.timeZone)
  const remarks: CityFault[] = []
  if (Date.parse(device.installedAt) > instantOf(time, Date.UTC(before.fromYear, 0))) {
    remarks.push({
      path,
      message: `device "${device.id}" of "${sensor}" was installed ${device.installedAt}, after the years before construction begin in ${before.fromYear}`,
      remedy: 'correct installedAt if the record is older, or name a sensor that has these years',
    })
  }
  if (
    device.removedAt !== undefined &&
    Date.parse(device.removedAt) < instantOf(time, Date.UTC(after.toYear + 1, 0))
  ) {
    remarks.push({
      path,
      message: `device "${device.id}" of "${sensor}" was removed ${device.removedAt}, before the years after construction end in ${after.toYear}`,
      remedy: 'end the years earlier, or name a sensor that has them',
    })
  }
  return remarks
}
