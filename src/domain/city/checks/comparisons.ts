import type { CityFault, CityPath } from '../city-fault.js'
import type { CityView } from '../city-view.js'
import { entries, type Draft } from '../registry-draft.js'
import type { ComparedYears } from '../registry.js'

/** Years before construction lie before those after it, and every well and site counts once. */
export function comparisonFaults({ registry }: CityView): CityFault[] {
  const { groundwater, heatIsland } = registry
  const wells = [...entries(groundwater?.wells)].map(([i, { sensor }]) => ({
    sensor,
    path: ['groundwater', 'wells', i, 'sensor'],
  }))
  const sites = (['inside', 'outside'] as const).flatMap((group) =>
    [...entries(heatIsland?.[group])].map(([i, sensor]) => ({
      sensor,
      path: ['heatIsland', group, i],
    })),
  )
  return [
    ...(groundwater === undefined ? [] : yearFaults(groundwater, ['groundwater'])),
    ...repeated(wells, 'well', 'its area would count twice'),
    ...(heatIsland === undefined ? [] : yearFaults(heatIsland, ['heatIsland'])),
    ...repeated(sites, 'site', 'a site lies inside or outside'),
  ]
}

function yearFaults({ before, after }: Draft<ComparedYears>, path: CityPath): CityFault[] {
  const faults: CityFault[] = []
  for (const [name, years] of [
    ['before', before],
    ['after', after],
  ] as const) {
    const { fromYear, toYear } = years ?? {}
    if (fromYear === undefined || toYear === undefined || fromYear <= toYear) continue
    faults.push({
      path: [...path, name, 'toYear'],
      message: `the years ${name} construction end in ${toYear}, before they begin in ${fromYear}`,
      remedy: `exchange or correct the two years`,
    })
  }
  const lastBefore = before?.toYear
  const firstAfter = after?.fromYear
  if (faults.length > 0 || lastBefore === undefined || firstAfter === undefined) return faults
  if (firstAfter > lastBefore) return []
  return [
    {
      path: [...path, 'after', 'fromYear'],
      message: `the years after construction begin in ${firstAfter}, those before it end in ${lastBefore}`,
      remedy: `let them begin in ${lastBefore + 1} or later, or end the years before earlier`,
    },
  ]
}

function repeated(
  places: readonly { readonly sensor: string | undefined; readonly path: CityPath }[],
  what: string,
  why: string,
): CityFault[] {
  const seen = new Set<string>()
  const faults: CityFault[] = []
  for (const { sensor, path } of places) {
    if (sensor === undefined) continue
    if (seen.has(sensor)) {
      faults.push({
        path,
        message: `${what} "${sensor}" stands twice; ${why}`,
        remedy: 'give it once',
      })
    }
    seen.add(sensor)
  }
  return faults
}
