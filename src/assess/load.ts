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
  const [inputs] = await loadInputsOfEach(store, [wants])
  if (inputs === undefined) throw new Error('no inputs for what was wanted')
  return inputs
}

/**
 * The inputs of several computations with one reading of the store; what two of them want over the
 * same window is read and hashed once.
 */
export async function loadInputsOfEach(
  store: SeriesReads,
  wantsOfEach: readonly (readonly Want[])[],
): Promise<readonly Inputs[]> {
  const mergedOfEach = wantsOfEach.map(mergedBySeries)
  const asked = new Map(mergedOfEach.flat().map((want) => [keyOf(want), want]))
  const windows = [...asked.values()].map(({ series, fromMs, toMs }) => ({ series, fromMs, toMs }))
  const columns = windows.length === 0 ? [] : await store.readMany(windows)
  const read = new Map(
    [...asked.keys()].flatMap((key, i): [string, Read][] => {
      const found = columns[i]
      return found === undefined ? [] : [[key, { columns: found, sha256: columnsSha256(found) }]]
    }),
  )
  return mergedOfEach.map((merged) => {
    const loaded = new Map<SeriesId, SeriesColumns>()
    const uses: InputUse[] = []
    for (const want of merged) {
      const found = read.get(keyOf(want))
      if (found === undefined) continue
      loaded.set(want.series, found.columns)
      uses.push({ ...want, count: found.columns.atMs.length, sha256: found.sha256 })
    }
    return { loaded, uses }
  })
}

interface Read {
  readonly columns: SeriesColumns
  readonly sha256: string
}

interface MergedWant {
  readonly role: string
  readonly series: SeriesId
  readonly fromMs: number
  readonly toMs: number
}

function keyOf({ series, fromMs, toMs }: MergedWant): string {
  return `${fromMs} ${toMs} ${series}`
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
