import type { RowRefusal, StagedBatch } from '../../ports/ledger.js'
import { OUTCOME } from '../../domain/observation.js'
import type { ProjectionBatch } from '../../ports/series-store.js'
import { flagLine, pointLine, seriesTag } from './line.js'

/** The lines a staged batch needs, and the row each stands for. */
export interface BatchLines {
  readonly lines: readonly string[]
  /** Per line: the row that first gave its value in this batch; null for one stored before. */
  readonly rows: readonly (number | null)[]
  /** Rows that line protocol cannot carry. */
  readonly unwritable: readonly RowRefusal[]
}

/**
 * One line for each point that must be written. Several rows of one point become one line with the
 * last row's columns, because no server promises an order within a request.
 */
export function batchLines(batch: ProjectionBatch, staged: StagedBatch): BatchLines {
  const { observations, entries } = batch
  const tags = observations.series.map(seriesTag)
  const unwritable: RowRefusal[] = []
  const lines: string[] = []
  const rows: (number | null)[] = []
  const { firsts, lasts } = repetitions(batch, staged)

  for (let row = 0; row < observations.atMs.length; row++) {
    if (staged.written[row] === 0 || firsts.has(row)) continue
    const series = observations.seriesIndex[row] ?? 0
    const tag = tags[series] ?? null
    if (tag === null) {
      unwritable.push({
        row,
        reason: `InfluxDB's line protocol cannot carry the series id ${JSON.stringify(observations.series[series])}`,
      })
      continue
    }
    const last = lasts.get(row) ?? row
    const isNew = staged.outcomes[row] !== OUTCOME.duplicate
    const point = {
      // Adding zero makes minus zero zero.
      value: (observations.values[last] ?? Number.NaN) + 0,
      flag: staged.flags[last] ?? 0,
      tests: staged.tests[last] ?? 0,
      origin: observations.origins[last] ?? 0,
      spanMs: observations.spanMs[last] ?? 0,
      rank: observations.ranks[last] ?? -Infinity,
      // A repetition leaves the entry that first brought the value.
      seq: isNew ? (entries[observations.entryIndex[row] ?? 0]?.seq ?? 0) : null,
    }
    lines.push(pointLine(tag, staged.revisionNumbers[row] ?? 0, point, observations.atMs[row] ?? 0))
    rows.push(row)
  }
  for (const { series, number, flag, tests, atMs } of staged.reflagged) {
    const tag = seriesTag(series)
    if (tag === null) continue
    lines.push(flagLine(tag, number, flag, tests, atMs))
    rows.push(null)
  }
  return { lines, rows, unwritable }
}

/**
 * Rows of one batch that write the same point: for each first row the last one, and which rows are
 * not the first. Only repetitions can do that, and they are rare.
 */
function repetitions(
  batch: ProjectionBatch,
  staged: StagedBatch,
): { readonly firsts: ReadonlyMap<number, number>; readonly lasts: ReadonlyMap<number, number> } {
  const again = new Set<string>()
  for (const [row, written] of staged.written.entries()) {
    if (written === 1 && staged.outcomes[row] === OUTCOME.duplicate) {
      again.add(pointName(batch, staged, row))
    }
  }
  /** Later row → first row. */
  const firsts = new Map<number, number>()
  /** First row → last row. */
  const lasts = new Map<number, number>()
  if (again.size === 0) return { firsts, lasts }
  const seen = new Map<string, number>()
  for (const [row, written] of staged.written.entries()) {
    if (written === 0) continue
    const point = pointName(batch, staged, row)
    if (!again.has(point)) continue
    const first = seen.get(point)
    if (first === undefined) {
      seen.set(point, row)
    } else {
      firsts.set(row, first)
      lasts.set(first, row)
    }
  }
  return { firsts, lasts }
}

function pointName({ observations }: ProjectionBatch, staged: StagedBatch, row: number): string {
  return `${observations.seriesIndex[row]} ${observations.atMs[row]} ${staged.revisionNumbers[row]}`
}
