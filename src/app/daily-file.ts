import { csvLines, type FileFault } from '../adapters/csv-file/index.js'
import type { DailyRain } from '../domain/capture/curve-days.js'
import { DAY_MS } from '../domain/time.js'

/** Which columns of a daily file are what. */
export interface DailyColumns {
  readonly date: string
  readonly depthMm: string
  /** Column that says on which days it snowed; undefined when there is none. */
  readonly snow?: string
}

export interface DailyFile {
  readonly rain: DailyRain
  /** Lines that could not be read; their days are left out. */
  readonly faults: readonly FileFault[]
}

/** Deeper than any day ever measured (1,825 mm, Réunion 1966), mm: the cell has another unit. */
const DEEPEST_MM = 2000

const NO = /^(|0+(\.0+)?|no|n|false|否|无)$/i

/** Reads a CSV file with one row a day (gzip too). Throws when it cannot be read or lacks a column. */
export async function readDailyFile(path: string, columns: DailyColumns): Promise<DailyFile> {
  const day: number[] = []
  const depthMm: number[] = []
  const snow: number[] = []
  const faults: FileFault[] = []
  const lineOf = new Map<number, number>()
  let at: { date: number; depth: number; snow: number } | undefined
  for await (const { cells, line } of csvLines(path, ',')) {
    if (at === undefined) {
      at = positions(cells, columns)
      continue
    }
    const read = readDay(cells[at.date]?.trim() ?? '', cells[at.depth]?.trim() ?? '', columns)
    if (typeof read === 'string') {
      faults.push({ line, message: read })
      continue
    }
    const before = lineOf.get(read.day)
    if (before !== undefined) {
      const date = cells[at.date]?.trim()
      faults.push({ line, message: `${columns.date}: ${date} stands in line ${before} already` })
      continue
    }
    lineOf.set(read.day, line)
    day.push(read.day)
    depthMm.push(read.depthMm)
    snow.push(at.snow < 0 || NO.test(cells[at.snow]?.trim() ?? '') ? 0 : 1)
  }
  const rain = {
    day: Int32Array.from(day),
    depthMm: Float64Array.from(depthMm),
    snow: columns.snow === undefined ? null : Uint8Array.from(snow),
  }
  return { rain, faults }
}

function positions(
  header: readonly string[],
  columns: DailyColumns,
): { date: number; depth: number; snow: number } {
  const names = header.map((name) => name.trim())
  const wanted = [columns.date, columns.depthMm, columns.snow].filter((name) => name !== undefined)
  const absent = wanted.filter((name) => !names.includes(name))
  if (absent.length > 0) {
    throw new Error(`the file has no column ${absent.join(', ')}; it has ${names.join(', ')}`)
  }
  return {
    date: names.indexOf(columns.date),
    depth: names.indexOf(columns.depthMm),
    snow: columns.snow === undefined ? -1 : names.indexOf(columns.snow),
  }
}

function readDay(
  date: string,
  depth: string,
  columns: DailyColumns,
): { readonly day: number; readonly depthMm: number } | string {
  const [, year, month, dayOfMonth] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(date) ?? []
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(dayOfMonth))
  if (Number.isNaN(atMs) || new Date(atMs).getUTCDate() !== Number(dayOfMonth)) {
    return `${columns.date}: "${date}" is no date such as 2012-07-21`
  }
  const depthMm = depth === '' ? Number.NaN : Number(depth)
  if (depth !== '' && !(depthMm >= 0 && depthMm <= DEEPEST_MM)) {
    return `${columns.depthMm}: "${depth}" is no depth of a day, 0 to ${DEEPEST_MM} mm; a missing day has an empty cell or no row`
  }
  return { day: atMs / DAY_MS, depthMm }
}
