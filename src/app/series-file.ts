import { csvLines, csvStretches, type FileFault } from '../adapters/csv-file/index.js'
import { FLAG, ORIGIN } from '../domain/flag.js'
import type { SeriesColumns } from '../domain/observation.js'
import { quantile } from '../domain/quantile.js'
import { QUANTITIES, type Quantity } from '../domain/quantity.js'
import { conversion } from '../domain/units.js'
import { CommandError, EXIT } from './exit.js'
import { faultList, fileError } from './file-faults.js'

/** How one series is found in a CSV file. */
export interface SeriesFileOptions {
  readonly quantity: Quantity
  /** Column of the time; the first one of the file unless given. */
  readonly timeColumn?: string
  /** Column of the value; the second one of the file unless given. */
  readonly valueColumn?: string
  /** Zone or offset of times without an offset. */
  readonly zone?: string
  /** UCUM code of the cells; by the end of the column's name unless given. */
  readonly unit?: string
  readonly skipFaulty: boolean
}

export interface SeriesFile {
  /** Ascending, in the internal unit of the quantity; every value not evaluated, missing ones flagged. */
  readonly series: SeriesColumns
  /** Median time between two rows, ms. */
  readonly stepMs: number
  readonly about: {
    readonly timeColumn: string
    readonly valueColumn: string
    readonly unit: string
    readonly unitFrom: '--unit' | 'column name' | 'assumed'
    readonly rows: number
    readonly missing: number
    readonly faultyLines: number
    readonly repeatedRows: number
    readonly stepMin: number
  }
}

/** Ends of column names that say a unit, as UCUM codes. */
const NAMED_UNITS: Readonly<Record<string, string>> = {
  mm: 'mm',
  cm: 'cm',
  m: 'm',
  in: '[in_i]',
  inch: '[in_i]',
  inches: '[in_i]',
  ft: '[ft_i]',
  feet: '[ft_i]',
  lps: 'L/s',
  ls: 'L/s',
  m3s: 'm3/s',
  cms: 'm3/s',
  mgd: '[mgd_us]',
}

/**
 * What a value can be at all, in the internal unit (recommended): beyond it no instrument measured it, and sums
 * would no longer hold. A depth of rain is never negative.
 */
const POSSIBLE: Partial<Record<Quantity, readonly [number, number]>> = {
  rain_depth: [0, 2000],
  flow: [-1e6, 1e6],
  level: [-1e5, 1e5],
  ponding_depth: [-1e5, 1e5],
  turbidity: [-1e6, 1e6],
}

const LINES_PER_STRETCH = 20_000

/**
 * Reads one series of a CSV file (gzip too). Ends the command with every fault of it at once. Left out
 * with `skipFaulty`, a value that cannot be read, cannot be or is contradicted is missing at its time.
 */
export async function readSeriesFile(
  path: string,
  options: SeriesFileOptions,
): Promise<SeriesFile> {
  return await read(path, options).catch((error: unknown) => {
    throw error instanceof CommandError ? error : fileError(path, error)
  })
}

async function read(path: string, options: SeriesFileOptions): Promise<SeriesFile> {
  const { timeColumn, valueColumn } = await columnNames(path, options)
  const { unit, from: unitFrom } = unitOf(valueColumn, options)
  const factors = conversion(unit, options.quantity)
  if (factors === null) {
    throw new CommandError(
      EXIT.badInput,
      `${path}: ${unit} is no unit of ${QUANTITIES[options.quantity].en.toLowerCase()}; give its UCUM code with the unit flag of the command`,
    )
  }
  const [least, most] = POSSIBLE[options.quantity] ?? [-Infinity, Infinity]
  const wanted = `no ${QUANTITIES[options.quantity].en.toLowerCase()}, ${least} to ${most} ${QUANTITIES[options.quantity].unit}; a missing one has an empty cell`
  const rows: { readonly atMs: number; readonly value: number }[] = []
  const faults: FileFault[] = []
  const mapping = {
    format: 1 as const,
    delimiter: ',',
    time: {
      column: timeColumn,
      form: 'iso' as const,
      repeatedHour: 'in-order' as const,
      stamps: 'end' as const,
      clockFaults: [],
      ...(options.zone === undefined ? {} : { zone: options.zone }),
    },
    missing: ['', 'NA', 'NaN', 'nan', 'null'],
    values: [{ column: valueColumn, sensor: valueColumn, absent: 'missing' as const }],
  }
  for await (const stretch of csvStretches(path, mapping, LINES_PER_STRETCH)) {
    for (const { atMs, value } of stretch.rows) {
      const internal = value === null ? Number.NaN : value * factors.gain + factors.offset
      const isImpossible = internal < least || internal > most
      if (isImpossible) {
        const at = new Date(atMs).toISOString()
        faults.push({ line: null, message: `${valueColumn}: ${value} at ${at} is ${wanted}` })
      }
      rows.push({ atMs, value: isImpossible ? Number.NaN : internal })
    }
    faults.push(...stretch.faults)
    for (const { atMs } of stretch.faults) {
      if (atMs !== undefined) rows.push({ atMs, value: Number.NaN })
    }
  }
  rows.sort((a, b) => a.atMs - b.atMs)
  const contradicted = new Set<number>()
  for (const [i, { atMs, value }] of rows.entries()) {
    const before = rows[i - 1]
    if (before?.atMs !== atMs || Object.is(before.value, value)) continue
    contradicted.add(atMs)
    const at = new Date(atMs).toISOString()
    faults.push({ line: null, message: `${timeColumn}: two different values at ${at}` })
  }
  if (faults.length > 0 && !options.skipFaulty) {
    throw new CommandError(
      EXIT.badInput,
      `${faultList(path, faults)}\nmend the file, give --zone when its times have no offset, or leave these lines out with --skip-faulty`,
    )
  }
  const once = rows
    .filter(({ atMs }, i) => atMs !== rows[i - 1]?.atMs)
    .map(({ atMs, value }) => ({ atMs, value: contradicted.has(atMs) ? Number.NaN : value }))
  if (once.length < 2) throw new CommandError(EXIT.badInput, `${path}: fewer than two rows`)
  const series = columnsOf(valueColumn, once)
  const gaps = series.atMs.slice(1).map((at, i) => at - (series.atMs[i] ?? 0))
  const stepMs = quantile(gaps, 0.5)
  const missing = once.filter(({ value }) => Number.isNaN(value)).length
  return {
    series,
    stepMs,
    about: {
      timeColumn,
      valueColumn,
      unit,
      unitFrom,
      rows: once.length,
      missing,
      faultyLines: faults.length,
      repeatedRows: rows.length - once.length,
      stepMin: stepMs / 60_000,
    },
  }
}

async function columnNames(
  path: string,
  options: SeriesFileOptions,
): Promise<{ readonly timeColumn: string; readonly valueColumn: string }> {
  let header: readonly string[] = []
  for await (const { cells } of csvLines(path, ',')) {
    header = cells.map((name) => name.trim())
    break
  }
  const timeColumn = options.timeColumn ?? header[0]
  const valueColumn = options.valueColumn ?? header.find((name) => name !== timeColumn)
  if (timeColumn === undefined || valueColumn === undefined) {
    throw new Error(`the file has columns ${header.join(', ')}: a time and a value are wanted`)
  }
  return { timeColumn, valueColumn }
}

function unitOf(
  column: string,
  { unit, quantity }: SeriesFileOptions,
): { readonly unit: string; readonly from: SeriesFile['about']['unitFrom'] } {
  if (unit !== undefined) return { unit, from: '--unit' }
  const [, end] = /(?:^|[_\s([])([a-z0-9]+)[\])]?$/i.exec(column.replace(/\/|_(?=s$)/g, '')) ?? []
  const named = NAMED_UNITS[end?.toLowerCase() ?? '']
  return named === undefined
    ? { unit: QUANTITIES[quantity].unit, from: 'assumed' }
    : { unit: named, from: 'column name' }
}

function columnsOf(
  name: string,
  rows: readonly { readonly atMs: number; readonly value: number }[],
): SeriesColumns {
  return {
    series: name,
    atMs: Float64Array.from(rows, ({ atMs }) => atMs),
    spanMs: new Float64Array(rows.length),
    values: Float64Array.from(rows, ({ value }) => value),
    flags: Uint8Array.from(rows, ({ value }) =>
      Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated,
    ),
    tests: new Uint16Array(rows.length),
    origins: new Uint8Array(rows.length).fill(ORIGIN.imported),
  }
}
