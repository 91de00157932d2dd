import { FLAG } from '../../../../src/domain/flag.js'
import type { SeriesColumns } from '../../../../src/domain/observation.js'
import type { CityRegistry } from '../../../../src/ports/city-registry.js'
import type { SeriesStore, StepColumns } from '../../../../src/ports/series-store.js'
import { registryIndex } from '../../../../src/domain/city/registry-index.js'
import type { Registry } from '../../../../src/domain/city/registry.js'
import type { Window } from '../../../../src/domain/time.js'

/** Reads of series held in memory, by the port's rules; what assessment does not use throws. */
export function recordedSeries(
  all: readonly SeriesColumns[],
): SeriesStore & { readonly reads: string[] } {
  const byId = new Map(all.map((columns) => [columns.series, columns]))
  const reads: string[] = []
  const unused = () => {
    throw new Error('assessment has no use for this')
  }
  return {
    reads,
    read(series, window) {
      reads.push(series)
      return Promise.resolve(within(byId.get(series), series, window))
    },
    readMany(windows) {
      reads.push(...windows.map(({ series }) => series))
      return Promise.resolve(
        windows.map((window) => within(byId.get(window.series), window.series, window)),
      )
    },
    aggregate(series, window, stepMs) {
      return Promise.resolve(series.map((id) => steps(byId.get(id), id, window, stepMs)))
    },
    append: unused,
    latest: unused,
    coverage: unused,
    revisions: unused,
    close: () => Promise.resolve(),
  }
}

export function registryOf(registry: Registry, sha256 = 'ab'.repeat(32)): CityRegistry {
  const version = {
    registry,
    index: registryIndex(registry),
    sha256,
    text: '',
    seq: 1,
    arrivalMs: 0,
    person: 'test',
    reason: 'test',
  }
  return {
    current: () => version,
    apply: () => {
      throw new Error('assessment applies nothing')
    },
  }
}

function within(columns: SeriesColumns | undefined, series: string, window: Window): SeriesColumns {
  const keep: number[] = []
  for (const [i, atMs] of (columns?.atMs ?? new Float64Array(0)).entries()) {
    if (atMs >= window.fromMs && atMs < window.toMs) keep.push(i)
  }
  const pick = (column: ArrayLike<number> | undefined) => keep.map((i) => column?.[i] ?? 0)
  return {
    series,
    atMs: Float64Array.from(pick(columns?.atMs)),
    spanMs: Float64Array.from(pick(columns?.spanMs)),
    values: Float64Array.from(pick(columns?.values)),
    flags: Uint8Array.from(pick(columns?.flags)),
    tests: Uint16Array.from(pick(columns?.tests)),
    origins: Uint8Array.from(pick(columns?.origins)),
  }
}

/** Instants only: aggregates of rows by step. */
function steps(
  columns: SeriesColumns | undefined,
  series: string,
  window: Window,
  stepMs: number,
): StepColumns {
  const rows = within(columns, series, window)
  const bySteps = new Map<number, number[]>()
  for (const [i, atMs] of rows.atMs.entries()) {
    const from = window.fromMs + Math.floor((atMs - window.fromMs) / stepMs) * stepMs
    bySteps.set(from, [...(bySteps.get(from) ?? []), i])
  }
  const found = [...bySteps].map(([fromMs, at]) => {
    const values = at
      .filter((i) => rows.flags[i] !== FLAG.missing && rows.flags[i] !== FLAG.fail)
      .map((i) => rows.values[i] ?? 0)
    return { fromMs, values, flag: rows.flags[at[0] ?? 0] ?? FLAG.missing }
  })
  return {
    series,
    fromMs: Float64Array.from(found, ({ fromMs }) => fromMs),
    counts: Uint32Array.from(found, ({ values }) => values.length),
    sums: Float64Array.from(found, ({ values }) => values.reduce((sum, value) => sum + value, 0)),
    minima: Float64Array.from(found, ({ values }) => Math.min(...values)),
    maxima: Float64Array.from(found, ({ values }) => Math.max(...values)),
    flags: Uint8Array.from(found, ({ flag }) => flag),
  }
}
