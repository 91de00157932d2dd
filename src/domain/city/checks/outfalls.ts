import type { CityFault, CityPath } from '../city-fault.js'
import { differ, type CityView } from '../city-view.js'
import { periodFaults, spansOf, type Span } from '../periods.js'
import { entries, type Draft } from '../registry-draft.js'
import type { Outfall } from '../registry.js'

type OutfallDraft = Draft<Outfall>

/** What an outfall discharges is counted once, at any time, for one drainage zone. */
export function outfallFaults(city: CityView): CityFault[] {
  const faults: CityFault[] = []
  for (const [index, outfall] of entries(city.registry.outfalls)) {
    const path = ['outfalls', index]
    faults.push(
      ...periodFaults(outfall.metering, [...path, 'metering'], {
        what: 'the metering state',
        gaps: 'fault',
        gapRemedy: 'add the state of that time: metered, shut with its proof, or unmetered',
      }),
      ...repeatedCatchments(outfall, path),
      ...zoneFaults(outfall, path, city),
      ...upstreamFaults(outfall, path),
    )
  }
  return [...faults, ...sharedMeters(city)]
}

function repeatedCatchments(outfall: OutfallDraft, path: CityPath): CityFault[] {
  const faults: CityFault[] = []
  const seen = new Set<string>()
  for (const [index, catchment] of entries(outfall.catchments)) {
    if (seen.has(catchment)) {
      faults.push({
        path: [...path, 'catchments', index],
        message: `catchment "${catchment}" stands twice; its area would count twice`,
        remedy: 'delete one of the two',
      })
    }
    seen.add(catchment)
  }
  return faults
}

/**
 * One volume cannot be shared out between two zones, so a metered outfall that drains both would
 * make both zones' results wrong. Unmetered or shut it has no volume, and nothing is wrong.
 */
function zoneFaults(outfall: OutfallDraft, path: CityPath, city: CityView): CityFault[] {
  const isMetered = [...entries(outfall.metering)].some(([, { state }]) => state === 'metered')
  if (!isMetered) return []
  const faults: CityFault[] = []
  for (const [index, id] of entries(outfall.catchments)) {
    const zone = city.catchments.get(id)?.zone
    if (!differ(city, 'drainageZones', zone, outfall.zone)) continue
    faults.push({
      path: [...path, 'catchments', index],
      message: `catchment "${id}" lies in zone "${zone}", its metered outfall in "${outfall.zone}": one volume cannot be shared out between two zones`,
      remedy: `put both in one drainage zone, or meter the inflow from "${zone}" and name that sensor under upstream`,
    })
  }
  return faults
}

function upstreamFaults(outfall: OutfallDraft, path: CityPath): CityFault[] {
  const faults: CityFault[] = []
  const seen = new Set<string>()
  for (const [index, { sensor }] of entries(outfall.upstream)) {
    if (sensor === undefined) continue
    const at = [...path, 'upstream', index, 'sensor']
    if (seen.has(sensor)) {
      faults.push({
        path: at,
        message: `sensor "${sensor}" stands twice; its inflow would be subtracted twice`,
        remedy: 'delete one of the two',
      })
    }
    seen.add(sensor)
    const isOwnMeter = [...entries(outfall.metering)].some(
      ([, metering]) => metering.state === 'metered' && metering.sensor === sensor,
    )
    if (!isOwnMeter) continue
    faults.push({
      path: at,
      message: `sensor "${sensor}" meters this outfall; subtracted from itself it leaves nothing`,
      remedy: 'name the sensor that meters the inflow from outside',
    })
  }
  return faults
}

/** One sensor meters one outfall at a time: otherwise its volume counts twice. */
function sharedMeters({ registry }: CityView): CityFault[] {
  const faults: CityFault[] = []
  const uses = new Map<string, { readonly outfall: string; readonly at: number; span: Span }[]>()
  for (const [index, outfall] of entries(registry.outfalls)) {
    for (const span of spansOf(outfall.metering)) {
      const metering = outfall.metering?.[span.index]
      if (metering?.state !== 'metered' || metering.sensor === undefined) continue
      const earlier = uses.get(metering.sensor) ?? []
      const clash = earlier.find(
        (use) => use.at !== index && use.span.fromMs < span.toMs && span.fromMs < use.span.toMs,
      )
      if (clash !== undefined) {
        faults.push({
          path: ['outfalls', index, 'metering', span.index, 'sensor'],
          message: `sensor "${metering.sensor}" meters outfall "${clash.outfall}" at the same time; its volume would count twice`,
          remedy: 'name the sensor of this outfall, or write state: unmetered',
        })
      }
      const outfallName = outfall.id ?? `outfalls[${index}]`
      uses.set(metering.sensor, [...earlier, { outfall: outfallName, at: index, span }])
    }
  }
  return faults
}
