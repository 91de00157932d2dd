import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parse } from 'csv-parse'
import type { ImportRow } from '../../ports/intake.js'
import { timeReader } from './file-time.js'
import type { FileFault, Mapping } from './mapping.js'

export { timeReader } from './file-time.js'
export { mappingSchema, type FileFault, type Mapping } from './mapping.js'

/** Lines of a CSV file read through a mapping, in file order. */
export interface CsvStretch {
  readonly rows: readonly ImportRow[]
  readonly faults: readonly FileFault[]
  /** Data lines read so far. */
  readonly lines: number
}

/** Hex SHA-256 and size of a file, read once from end to end. */
export async function fileSha256(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size }
}

/** One line of a CSV file, the header being the first. */
export interface CsvLine {
  readonly cells: readonly string[]
  /** Line in the file, from 1. */
  readonly line: number
}

/**
 * Reads a CSV file (RFC 4180, UTF-8; gzip is recognised by its first bytes) line by line in bounded
 * memory, empty lines left out. Throws when the file cannot be read or has no line at all.
 */
export async function* csvLines(path: string, delimiter: string): AsyncGenerator<CsvLine> {
  const parser = parse({
    delimiter,
    bom: true,
    // A line with too few or too many cells is one faulty line among others, not the end of reading.
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  })
  const zipped = await isGzip(path)
  const source = createReadStream(path)
  const done = (error: NodeJS.ErrnoException | null | undefined): void => {
    if (error) parser.destroy(error)
  }
  if (zipped) pipeline(source, createGunzip(), parser, done)
  else pipeline(source, parser, done)

  let isEmpty = true
  for await (const item of parser) {
    const { record, info } = item as { record: string[]; info: { lines: number } }
    isEmpty = false
    yield { cells: record, line: info.lines }
  }
  if (isEmpty) throw new Error(`${path} is empty: not even a header line`)
}

/**
 * Reads a CSV file through a mapping, in bounded memory.
 *
 * Yields stretches of `linesPerStretch` data lines with the rows they give and the faults they
 * have. A line with a fault gives no rows. The stretches are the same at every reading of the
 * same file with the same mapping, so they can be numbered.
 *
 * Throws when the file cannot be read or lacks a column the mapping names.
 */
export async function* csvStretches(
  path: string,
  mapping: Mapping,
  linesPerStretch: number,
): AsyncGenerator<CsvStretch> {
  let columns: Columns | undefined
  let lines = 0
  let rows: ImportRow[] = []
  let faults: FileFault[] = []
  for await (const { cells, line } of csvLines(path, mapping.delimiter)) {
    if (columns === undefined) {
      columns = columnsOf(cells, mapping)
      continue
    }
    readLine(cells, line, mapping, columns, rows, faults)
    lines++
    if (lines % linesPerStretch === 0) {
      yield { rows, faults, lines }
      rows = []
      faults = []
    }
  }
  if (rows.length > 0 || faults.length > 0) yield { rows, faults, lines }
}

/** A plain decimal number: Number() alone would take 0x10 and an empty cell for one. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

interface Columns {
  readonly count: number
  readonly time: number
  readonly values: readonly number[]
  readonly readTime: ReturnType<typeof timeReader>
  readonly missing: ReadonlySet<string>
}

function columnsOf(header: readonly string[], mapping: Mapping): Columns {
  const names = header.map((name) => name.trim())
  const wanted = [mapping.time.column, ...mapping.values.map((value) => value.column)]
  const absent = wanted.filter((name) => !names.includes(name))
  if (absent.length > 0) {
    throw new Error(`the file has no column ${absent.join(', ')}; it has ${names.join(', ')}`)
  }
  const doubled = wanted.filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (doubled.length > 0) {
    throw new Error(`the file has several columns named ${[...new Set(doubled)].join(', ')}`)
  }
  return {
    count: names.length,
    time: names.indexOf(mapping.time.column),
    values: mapping.values.map((value) => names.indexOf(value.column)),
    readTime: timeReader(mapping.time),
    missing: new Set(mapping.missing),
  }
}

function readLine(
  record: readonly string[],
  line: number,
  mapping: Mapping,
  columns: Columns,
  rows: ImportRow[],
  faults: FileFault[],
): void {
  if (record.length !== columns.count) {
    faults.push({ line, message: `${record.length} cells, but ${columns.count} columns` })
    return
  }
  const atMs = columns.readTime(record[columns.time] ?? '')
  if (typeof atMs === 'string') {
    faults.push({ line, message: `${mapping.time.column}: ${atMs}` })
    return
  }
  const read: ImportRow[] = []
  for (const [index, { column, sensor, unit, absent }] of mapping.values.entries()) {
    const cell = (record[columns.values[index] ?? -1] ?? '').trim()
    const isMissing = columns.missing.has(cell)
    if (isMissing && absent === 'skip') continue
    const value = isMissing ? null : Number(cell)
    if (value !== null && !(NUMBER.test(cell) && Number.isFinite(value))) {
      faults.push({
        line,
        atMs,
        message: `${column}: "${cell}" is no number; list it under missing if it says so`,
      })
      return
    }
    read.push({ sensor, atMs, value, unit: unit ?? null })
  }
  rows.push(...read)
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
