import type { Loaded, Want } from '../domain/indicators/indicator.js'
import type { InputUse } from '../domain/indicators/result.js'
import type { SeriesColumns, SeriesId } from '../domain/observation.js'
import type { SeriesReads } from '../ports/series-store.js'
import { columnsSha256 } from './canonical.js'

/** A series over the hull of the windows that one computation wants it for. */
export interface MergedWant {
  readonly role: string
  readonly series: SeriesId
  readonly fromMs: number
  readonly toMs: number
}

/** What was read, by `keyOf` of what was wanted. */
export type ReadColumns = ReadonlyMap<string, SeriesColumns>

/** Every series once, ascending by id. */
export function mergedBySeries(wants: readonly Want[]): readonly MergedWant[] {
  const merged = new Map<SeriesId, MergedWant>()
  for (const { role, series, window } of wants) {
    const known = merged.get(series)
    const roles = known?.role.split(' + ') ?? []
    merged.set(series, {
      role: roles.includes(role) ? roles.join(' + ') : [...roles, role].join(' + '),
      series,
      fromMs: Math.min(window.fromMs, known?.fromMs ?? window.fromMs),
      toMs: Math.max(window.toMs, known?.toMs ?? window.toMs),
    })
  }
  return [...merged.values()].sort((a, b) => (a.series < b.series ? -1 : 1))
}

/** One reading of the store for several computations; what two of them want over the same window is read once. */
export async function readWanted(
  store: SeriesReads,
  wants: readonly MergedWant[],
): Promise<ReadColumns> {
  const asked = new Map(wants.map((want) => [keyOf(want), want]))
  const windows = [...asked.values()].map(({ series, fromMs, toMs }) => ({ series, fromMs, toMs }))
  const columns = windows.length === 0 ? [] : await store.readMany(windows)
  return new Map(
    [...asked.keys()].flatMap((key, i): [string, SeriesColumns][] => {
      const found = columns[i]
      return found === undefined ? [] : [[key, found]]
    }),
  )
}

/** The columns of one computation's series. */
export function loadedOf(wants: readonly MergedWant[], read: ReadColumns): Loaded {
  return new Map(
    wants.flatMap((want): [SeriesId, SeriesColumns][] => {
      const columns = read.get(keyOf(want))
      return columns === undefined ? [] : [[want.series, columns]]
    }),
  )
}

/**
 * What a computation read, by id of the series, with its hash.
 *
 * @param hashes of this reading, by key; what is not there yet is added
 */
export function usesOf(
  wants: readonly MergedWant[],
  read: ReadColumns,
  hashes: Map<string, string>,
): readonly InputUse[] {
  return wants.flatMap((want): InputUse[] => {
    const key = keyOf(want)
    const columns = read.get(key)
    if (columns === undefined) return []
    const sha256 = hashes.get(key) ?? columnsSha256(columns)
    hashes.set(key, sha256)
    return [{ ...want, count: columns.atMs.length, sha256 }]
  })
}

function keyOf({ series, fromMs, toMs }: MergedWant): string {
  return `${fromMs} ${toMs} ${series}`
}
