import { MINUTE_MS, SECOND_MS } from '../time.js'
import type { CityFault, CityPath } from './city-fault.js'
import { comparisonRemarks } from './comparison-remarks.js'
import { spansOf } from './periods.js'
import { registryIndex, type RegistryIndex } from './registry-index.js'
import type { Provenance, Registry, Sensor } from './registry.js'

/**
 * Longest interval of rain and flow records that an assessment takes without a caveat: not less often
 * than every 15 min (建办城函〔2015〕635号, annex, indicator 1; read in a transcript).
 */
const COARSEST_INTERVAL_MS = 15 * MINUTE_MS

/**
 * What is in order but will leave a result missing or with a caveat, so that nobody is surprised
 * a year later: unverified facts, catchments no outfall drains or several do, meters that stand
 * there for part of the metered time only, wells and sites that miss years or elevations, times
 * without calibration, coarse records.
 * An empty list is the aim, not a condition.
 */
export function registryRemarks(registry: Registry): CityFault[] {
  const index = registryIndex(registry)
  return [
    ...unverifiedFacts(registry),
    ...drainageRemarks(registry, index),
    ...meterRemarks(registry, index),
    ...comparisonRemarks(registry, index),
    ...sensorRemarks(registry),
  ]
}

function unverifiedFacts(registry: Registry): CityFault[] {
  const { city } = registry
  const facts: { what: string; path: CityPath; provenance: Provenance | undefined }[] = [
    {
      what: 'the capture-ratio zone',
      path: ['city', 'captureRatioZone'],
      provenance: city.captureRatioZone.provenance,
    },
    {
      what: 'the storm formula',
      path: ['city', 'stormFormula'],
      provenance: city.stormFormula?.provenance,
    },
    {
      what: 'the built-up area',
      path: ['city', 'builtUpArea'],
      provenance: city.builtUpArea?.provenance,
    },
  ]
  facts.push({
    what: 'the mean annual rain',
    path: ['groundwater', 'meanAnnualRainMm'],
    provenance: registry.groundwater?.meanAnnualRainMm?.provenance,
  })
  for (const [i, zone] of registry.drainageZones.entries()) {
    facts.push({
      what: `the capture-ratio target of zone "${zone.id}"`,
      path: ['drainageZones', i, 'captureRatioTarget'],
      provenance: zone.captureRatioTarget?.provenance,
    })
    facts.push({
      what: `the design rainfall of zone "${zone.id}"`,
      path: ['drainageZones', i, 'designRainfall'],
      provenance: zone.designRainfall?.provenance,
    })
  }
  for (const [i, catchment] of registry.catchments.entries()) {
    facts.push({
      what: `the area of catchment "${catchment.id}"`,
      path: ['catchments', i, 'area'],
      provenance: catchment.area.provenance,
    })
    for (const [k, surface] of catchment.surfaces.entries()) {
      facts.push({
        what: `the runoff coefficient of ${surface.kind} in catchment "${catchment.id}"`,
        path: ['catchments', i, 'surfaces', k, 'runoffCoefficient'],
        provenance: surface.runoffCoefficient?.provenance,
      })
    }
  }
  for (const [i, point] of registry.pondingPoints.entries()) {
    facts.push({
      what: `the design rain of ponding point "${point.id}"`,
      path: ['pondingPoints', i, 'designRain'],
      provenance: point.designRain?.provenance,
    })
  }
  return facts
    .filter(({ provenance }) => provenance?.unverified === true)
    .map(({ what, path }) => ({
      path: [...path, 'provenance', 'unverified'],
      message: `${what} is unverified; every result that uses it says so`,
      remedy: 'check it against the document and delete the mark',
    }))
}

function drainageRemarks(registry: Registry, index: RegistryIndex): CityFault[] {
  const remarks: CityFault[] = []
  for (const [i, catchment] of registry.catchments.entries()) {
    const outfalls = index.outfallsOfCatchment.get(catchment.id) ?? []
    if (outfalls.length === 0) {
      remarks.push({
        path: ['catchments', i, 'id'],
        message: `no outfall drains catchment "${catchment.id}"; it counts as unmetered, so zone "${catchment.zone}" has no measured capture ratio`,
        remedy: 'name it under the catchments of its outfall',
      })
    } else if (outfalls.length > 1) {
      const names = outfalls.map(({ id }) => id).join(', ')
      remarks.push({
        path: ['catchments', i, 'id'],
        message: `catchment "${catchment.id}" drains to ${names}; it is metered only while all of them are, and its area counts once`,
        remedy: 'leave it if that is so; otherwise divide the catchment',
      })
    }
  }
  return remarks
}

/** A state "metered" beyond the life of its device is true of no value. */
function meterRemarks(registry: Registry, index: RegistryIndex): CityFault[] {
  const remarks: CityFault[] = []
  for (const [i, outfall] of registry.outfalls.entries()) {
    for (const [k, metering] of outfall.metering.entries()) {
      if (metering.state !== 'metered') continue
      const device = index.sensors.get(metering.sensor)?.device
      if (device === undefined) continue
      const starts = Date.parse(metering.from) < Date.parse(device.installedAt)
      const ends =
        device.removedAt !== undefined &&
        (metering.to === undefined || Date.parse(device.removedAt) < Date.parse(metering.to))
      if (!starts && !ends) continue
      remarks.push({
        path: ['outfalls', i, 'metering', k],
        message: starts
          ? `outfall "${outfall.id}" counts as metered before device "${device.id}" was installed, ${device.installedAt}`
          : `outfall "${outfall.id}" counts as metered after device "${device.id}" was removed, ${device.removedAt}`,
        remedy: 'write state: unmetered for that time; without it the time counts as missing flow',
      })
    }
  }
  return remarks
}

function sensorRemarks(registry: Registry): CityFault[] {
  const remarks: CityFault[] = []
  for (const [d, device] of registry.devices.entries()) {
    for (const [s, sensor] of device.sensors.entries()) {
      const path = ['devices', d, 'sensors', s]
      remarks.push(...calibrationGaps(sensor, path), ...coarseInterval(sensor, path))
    }
  }
  return remarks
}

function calibrationGaps(sensor: Sensor, path: CityPath): CityFault[] {
  const remarks: CityFault[] = []
  const spans = spansOf(sensor.calibrations)
  for (const [i, span] of spans.entries()) {
    const next = spans[i + 1]
    if (next === undefined || next.fromMs <= span.toMs) continue
    remarks.push({
      path: [...path, 'calibrations', next.index, 'from'],
      message: `sensor "${sensor.id}" has no calibration from ${sensor.calibrations[span.index]?.to} to ${sensor.calibrations[next.index]?.from}; values of that time stay as measured`,
      remedy: 'add the calibration that was in force, or leave it if there was none',
    })
  }
  return remarks
}

function coarseInterval({ id, quantity, reporting }: Sensor, path: CityPath): CityFault[] {
  if (quantity !== 'rain_depth' && quantity !== 'flow') return []
  if (reporting.type !== 'periodic') return []
  if (reporting.intervalS * SECOND_MS <= COARSEST_INTERVAL_MS) return []
  return [
    {
      path: [...path, 'reporting', 'intervalS'],
      message: `sensor "${id}" reports every ${reporting.intervalS} s; assessors reject rain and flow coarser than 15 min`,
      remedy: 'set the device to 900 s or less',
    },
  ]
}
