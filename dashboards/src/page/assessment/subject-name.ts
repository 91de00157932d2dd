import type { City } from '../../api/contract.js'
import type { Locale } from '../../i18n/locale.js'

/** The registry's name of a subject; its id when the registry, which may be newer, has none. */
export function subjectName(city: City, id: string, words: Locale): string {
  const named = [
    city.city,
    ...city.drainageZones,
    ...city.outfalls,
    ...city.pondingPoints,
    ...city.catchments,
  ].find((subject) => subject.id === id)
  return named === undefined ? id : words.text(named.name)
}
