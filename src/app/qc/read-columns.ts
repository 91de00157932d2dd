import { csvStretches, type FileFault, type Mapping } from '../../adapters/csv-file/index.js'
import { conversion } from '../../domain/units.js'
import type { QcConfig } from './config-schema.js'

const LINES_PER_STRETCH = 10_000

/** One column of the file, ascending by time; rows at one time stay in the file's order. */
export interface FileColumn {
  readonly atMs: Float64Array
  /** Internal unit of the column's quantity, or as written; NaN where missing. */
  readonly values: Float64Array
  /** Rows that stood after a later one in the file. */
  readonly outOfOrder: number
  /** Rows at the same time as the row before. */
  readonly repeatedTimes: number
}

export interface FileColumns {
  /** By column name; also those that only give positions. */
  readonly columns: ReadonlyMap<string, FileColumn>
  readonly lines: number
  /** Lines that could not be read; their rows are left out. */
  readonly faults: readonly FileFault[]
}

/** Reads every column that the configuration names. Throws as csvStretches does. */
export async function readColumns(path: string, config: QcConfig): Promise<FileColumns> {
  const mapping = mappingOf(config)
  const read = new Map(
    mapping.values.map(({ column }) => [column, { atMs: [] as number[], values: [] as number[] }]),
  )
  const faults: FileFault[] = []
  let lines = 0
  for await (const stretch of csvStretches(path, mapping, LINES_PER_STRETCH)) {
    for (const { sensor, atMs, value } of stretch.rows) {
      const column = read.get(sensor)
      column?.atMs.push(atMs)
      column?.values.push(value ?? Number.NaN)
    }
    faults.push(...stretch.faults)
    lines = stretch.lines
  }
  const columns = new Map<string, FileColumn>()
  for (const [name, { atMs, values }] of read) {
    columns.set(name, inOrder(atMs, values.map(toInternal(config, name))))
  }
  return { columns, lines, faults }
}

/** The configuration as the CSV reader knows it: a sensor is called as its column. */
function mappingOf({ format, delimiter, time, missing, columns }: QcConfig): Mapping {
  const measured = columns.map(({ column, absent }) => ({ column, sensor: column, absent }))
  const names = new Set(columns.map(({ column }) => column))
  const positions = new Set(
    columns.flatMap(({ tests: { location } }) =>
      location === undefined || location === 'off' ? [] : [location.lon, location.lat],
    ),
  )
  const others = [...positions]
    .filter((column) => !names.has(column))
    .map((column) => ({ column, sensor: column, absent: 'missing' as const }))
  return { format, delimiter, time, missing, values: [...measured, ...others] }
}

function toInternal(config: QcConfig, name: string): (value: number) => number {
  const column = config.columns.find((candidate) => candidate.column === name)
  if (column?.quantity === undefined || column.unit === undefined) return (value) => value
  const factors = conversion(column.unit, column.quantity)
  if (factors === null) throw new Error(`${name}: ${column.unit} was not checked`)
  return (value) => value * factors.gain + factors.offset
}

function inOrder(atMs: readonly number[], values: readonly number[]): FileColumn {
  const rows = Uint32Array.from(atMs, (_, row) => row)
  const at = (row: number): number => atMs[row] ?? 0
  rows.sort((a, b) => at(a) - at(b))
  let latest = Number.NEGATIVE_INFINITY
  let outOfOrder = 0
  for (const time of atMs) {
    if (time < latest) outOfOrder++
    latest = Math.max(latest, time)
  }
  const sorted = Float64Array.from(rows, at)
  const repeatedTimes = sorted.reduce((n, time, i) => (time === sorted[i - 1] ? n + 1 : n), 0)
  const sortedValues = Float64Array.from(rows, (row) => values[row] ?? Number.NaN)
  return { atMs: sorted, values: sortedValues, outOfOrder, repeatedTimes }
}
