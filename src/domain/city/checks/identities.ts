import type { CityFault, CityPath } from '../city-fault.js'
import { SECTIONS, SECTION_NAMES, type CityView } from '../city-view.js'
import { entries, sensorsOf } from '../registry-draft.js'

/**
 * Every id names one thing: within its section, and for sensors within the whole city, because the
 * sensor's id is the name of its series. The second and later owners of an id are reported.
 */
export function identityFaults({ registry }: CityView): CityFault[] {
  const faults: CityFault[] = []
  for (const section of SECTION_NAMES) {
    const ids: { id: string | undefined; path: CityPath }[] = []
    for (const [index, { id }] of entries<{ readonly id?: string | undefined }>(
      registry[section],
    )) {
      ids.push({ id, path: [section, index, 'id'] })
    }
    faults.push(...repeated(ids, SECTIONS[section]))
  }

  const sensorIds = [...sensorsOf(registry)].map(({ sensor, path }) => ({
    id: sensor.id,
    path: [...path, 'id'],
  }))
  faults.push(...repeated(sensorIds, 'sensor'))
  return faults
}

function repeated(
  ids: readonly { readonly id: string | undefined; readonly path: CityPath }[],
  what: string,
): CityFault[] {
  const faults: CityFault[] = []
  const seen = new Set<string>()
  for (const { id, path } of ids) {
    if (id === undefined) continue
    if (seen.has(id)) {
      faults.push({
        path,
        message: `another ${what} has the id "${id}" already`,
        remedy:
          what === 'sensor'
            ? 'give each sensor of the city its own id, e.g. <device>.<field>'
            : `give each ${what} its own id`,
      })
    }
    seen.add(id)
  }
  return faults
}
