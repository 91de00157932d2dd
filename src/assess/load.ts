import type { Loaded, Want } from '../domain/indicators/indicator.js'
import type { InputUse } from '../domain/indicators/result.js'
import type { SeriesColumns, SeriesId } from '../domain/observation.js'
import type { SeriesReads } from '../ports/series-store.js'
import { columnsSha256 } from './canonical.js'

export interface Inputs {
  readonly loaded: Loaded
  /** One per series, by id: what was read, with its hash. */
  readonly uses: readonly InputUse[]
}

/** Reads every wanted series once, over the hull of the windows it is wanted for, and hashes what came. */
export async function loadInputs(store: SeriesReads, wants: readonly Want[]): Promise<Inputs> {
  const merged = mergedBySeries(wants)
  const columns = await Promise.all(
    merged.map(({ series, fromMs, toMs }) => store.read(series, { fromMs, toMs })),
  )
  const loaded = new Map<SeriesId, SeriesColumns>()
  const uses: InputUse[] = []
  for (const [i, read] of columns.entries()) {
    const want = merged[i]
    if (want === undefined) continue
    loaded.set(want.series, read)
    uses.push({ ...want, count: read.atMs.length, sha256: columnsSha256(read) })
  }
  return { loaded, uses }
}

interface MergedWant {
  readonly role: string
  readonly series: SeriesId
  readonly fromMs: number
  readonly toMs: number
}

function mergedBySeries(wants: readonly Want[]): readonly MergedWant[] {
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
