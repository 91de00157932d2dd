import type { CityFault, CityPath } from '../city-fault.js'
import { differ, type CityView } from '../city-view.js'
import { entries, type Draft } from '../registry-draft.js'
import type { Catchment } from '../registry.js'

/** How far the surfaces' areas may miss the catchment's, as a share of the latter: survey rounding. */
const AREA_TOLERANCE = 0.01

/** Areas and gauge weights of a catchment count once, and its belongings agree with each other. */
export function areaFaults(city: CityView): CityFault[] {
  const faults: CityFault[] = []
  for (const [index, catchment] of entries(city.registry.catchments)) {
    const path = ['catchments', index]
    faults.push(
      ...surfaceFaults(catchment, path),
      ...gaugeFaults(catchment, path),
      ...projectFaults(catchment, path, city),
    )
  }
  faults.push(...facilityFaults(city))
  return faults
}

function surfaceFaults({ area, surfaces }: Draft<Catchment>, path: CityPath): CityFault[] {
  if (area?.m2 === undefined || surfaces === undefined || surfaces.length === 0) return []
  let sumM2 = 0
  for (const surface of surfaces) {
    if (surface?.areaM2 === undefined) return []
    sumM2 += surface.areaM2
  }
  if (Math.abs(sumM2 - area.m2) <= AREA_TOLERANCE * area.m2) return []
  return [
    {
      path: [...path, 'surfaces'],
      message: `the surfaces add up to ${rounded(sumM2)} m², the catchment has ${rounded(area.m2)} m²`,
      remedy: 'correct the areas until they agree within 1 %; add the surfaces that are missing',
    },
  ]
}

function gaugeFaults({ gauges }: Draft<Catchment>, path: CityPath): CityFault[] {
  const faults: CityFault[] = []
  const seen = new Set<string>()
  for (const [index, { sensor }] of entries(gauges)) {
    if (sensor === undefined) continue
    if (seen.has(sensor)) {
      faults.push({
        path: [...path, 'gauges', index, 'sensor'],
        message: `gauge "${sensor}" stands twice; its rain would count twice`,
        remedy: 'give it once, with the sum of its weights',
      })
    }
    seen.add(sensor)
  }
  return faults
}

function projectFaults(catchment: Draft<Catchment>, path: CityPath, city: CityView): CityFault[] {
  const zone = city.projects.get(catchment.project ?? '')?.zone
  if (!differ(city, 'drainageZones', zone, catchment.zone)) return []
  return [
    {
      path: [...path, 'project'],
      message: `project "${catchment.project}" lies in zone "${zone}", the catchment in "${catchment.zone}"`,
      remedy: 'give both the same zone, or divide the project at the zone’s boundary',
    },
  ]
}

function facilityFaults(city: CityView): CityFault[] {
  const faults: CityFault[] = []
  for (const [index, facility] of entries(city.registry.facilities)) {
    const project = city.catchments.get(facility.catchment ?? '')?.project
    if (!differ(city, 'projects', project, facility.project)) continue
    faults.push({
      path: ['facilities', index, 'catchment'],
      message: `catchment "${facility.catchment}" belongs to project "${project}", the facility to "${facility.project}"`,
      remedy: 'name a catchment of the facility’s own project, or correct the project',
    })
  }
  return faults
}

function rounded(areaM2: number): string {
  return String(Number(areaM2.toPrecision(8)))
}
