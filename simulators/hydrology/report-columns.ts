import type { StepLengths } from './model.js'

/** Flows at the report times, m³/s, a column for each subcatchment and node. */
export interface ReportColumns {
  /** Seconds since the start of the run. */
  readonly timesS: Float64Array
  readonly subcatchments: readonly Float64Array[]
  readonly nodes: readonly Float64Array[]
}

export interface Report {
  /** Tells the flows at the end of a step; those between two ends are interpolated. */
  passed(atS: number, subcatchmentsM3S: Float64Array, nodesM3S: Float64Array): void
  columns(): ReportColumns
}

/** Report times are whole steps after the beginning of the report, the first one step after it. */
export function reportColumns(
  { reportS, reportFromS }: StepLengths,
  durationS: number,
  counts: { readonly subcatchments: number; readonly nodes: number },
): Report {
  const count = Math.max(0, Math.floor((durationS - reportFromS) / reportS + 1e-9))
  const timesS = Float64Array.from({ length: count }, (_, i) => reportFromS + (i + 1) * reportS)
  const subcatchments = series(counts.subcatchments, count)
  const nodes = series(counts.nodes, count)
  const last = {
    atS: 0,
    subcatchments: new Float64Array(counts.subcatchments),
    nodes: new Float64Array(counts.nodes),
  }
  let row = 0

  return {
    passed(atS, subcatchmentsM3S, nodesM3S) {
      while (row < count && (timesS[row] ?? Infinity) <= atS + 1e-9) {
        const share = ((timesS[row] ?? atS) - last.atS) / (atS - last.atS)
        write(subcatchments, row, last.subcatchments, subcatchmentsM3S, share)
        write(nodes, row, last.nodes, nodesM3S, share)
        row++
      }
      last.atS = atS
      last.subcatchments.set(subcatchmentsM3S)
      last.nodes.set(nodesM3S)
    },
    columns: () => ({ timesS, subcatchments, nodes }),
  }
}

function series(count: number, rows: number): readonly Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(rows))
}

function write(
  columns: readonly Float64Array[],
  row: number,
  before: Float64Array,
  after: Float64Array,
  share: number,
): void {
  for (const [i, column] of columns.entries()) {
    const from = before[i] ?? 0
    column[row] = from + share * ((after[i] ?? 0) - from)
  }
}
