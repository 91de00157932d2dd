import type { Flag, Origin } from '../domain/flag.js'
import type { ObservationColumns, SeriesId } from '../domain/observation.js'

export interface ObservationRow {
  readonly series: SeriesId
  readonly atMs: number
  readonly spanMs: number
  /** NaN when missing. */
  readonly value: number
  readonly origin: Origin
  readonly rank: number
  readonly entryIndex: number
}

/** Collects rows into columns that double when they are full; flags are set afterwards, per series. */
export class ObservationBuilder {
  private readonly series: SeriesId[] = []
  private readonly seriesPosition = new Map<SeriesId, number>()
  private rows = 0
  private seriesIndex = new Uint32Array(1024)
  private atMs = new Float64Array(1024)
  private spanMs = new Float64Array(1024)
  private values = new Float64Array(1024)
  private flags = new Uint8Array(1024)
  private tests = new Uint16Array(1024)
  private origins = new Uint8Array(1024)
  private ranks = new Float64Array(1024)
  private entryIndex = new Uint32Array(1024)

  get length(): number {
    return this.rows
  }

  push(row: ObservationRow, flag: Flag, tests: number): void {
    if (this.rows === this.atMs.length) this.grow()
    const at = this.rows++
    this.seriesIndex[at] = this.position(row.series)
    this.atMs[at] = row.atMs
    this.spanMs[at] = row.spanMs
    this.values[at] = row.value
    this.flags[at] = flag
    this.tests[at] = tests
    this.origins[at] = row.origin
    this.ranks[at] = row.rank
    this.entryIndex[at] = row.entryIndex
  }

  /** The rows so far, as views: valid until the next push. */
  columns(): ObservationColumns {
    const rows = this.rows
    return {
      series: this.series,
      seriesIndex: this.seriesIndex.subarray(0, rows),
      atMs: this.atMs.subarray(0, rows),
      spanMs: this.spanMs.subarray(0, rows),
      values: this.values.subarray(0, rows),
      flags: this.flags.subarray(0, rows),
      tests: this.tests.subarray(0, rows),
      origins: this.origins.subarray(0, rows),
      ranks: this.ranks.subarray(0, rows),
      entryIndex: this.entryIndex.subarray(0, rows),
    }
  }

  private position(series: SeriesId): number {
    const known = this.seriesPosition.get(series)
    if (known !== undefined) return known
    const position = this.series.push(series) - 1
    this.seriesPosition.set(series, position)
    return position
  }

  private grow(): void {
    const size = this.atMs.length * 2
    this.seriesIndex = grown(this.seriesIndex, new Uint32Array(size))
    this.atMs = grown(this.atMs, new Float64Array(size))
    this.spanMs = grown(this.spanMs, new Float64Array(size))
    this.values = grown(this.values, new Float64Array(size))
    this.flags = grown(this.flags, new Uint8Array(size))
    this.tests = grown(this.tests, new Uint16Array(size))
    this.origins = grown(this.origins, new Uint8Array(size))
    this.ranks = grown(this.ranks, new Float64Array(size))
    this.entryIndex = grown(this.entryIndex, new Uint32Array(size))
  }
}

function grown<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
