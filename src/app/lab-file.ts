import { csvLines, timeReader, type FileFault } from '../adapters/csv-file/index.js'
import { labParameter } from '../domain/laboratory/lab-parameters.js'
import { incomingLabResultSchema, type LabResult } from '../domain/laboratory/lab-result.js'
import { CommandError, EXIT } from './exit.js'

/** What stands in a column, with the headings that laboratories give it; the first is ours. */
const COLUMNS = {
  sample: ['sample', 'sample_id', '样品编号', '样品号'],
  section: ['section', 'site', '断面', '点位', '采样点位'],
  time: ['time', 'sampled_at', '采样时间', '采样日期'],
  parameter: ['parameter', '检测项目', '项目'],
  value: ['value', 'result', '检测结果', '结果'],
  unit: ['unit', '单位'],
  detectionLimit: ['detection_limit', '检出限'],
  weather: ['weather', '天气'],
  laboratory: ['laboratory', '检测机构', '检测单位'],
  cma: ['cma', 'cma_number', 'CMA编号', '资质认定证书编号'],
  report: ['report_sha256', '报告哈希'],
} as const

type Column = keyof typeof COLUMNS

/** Columns a file may lack: what they say is unknown for all of its lines then. */
const OPTIONAL: ReadonlySet<Column> = new Set([
  ...(['detectionLimit', 'weather', 'cma', 'report'] as const),
])

export interface LabFile {
  readonly results: readonly LabResult[]
  readonly faults: readonly FileFault[]
  /** Data lines. */
  readonly lines: number
  /** Parameters that no indicator uses. */
  readonly unused: readonly string[]
}

export interface LabFileOptions {
  /** Zone of times without an offset. */
  readonly zone: string
  /** SHA-256 of the report behind lines that name none. */
  readonly reportSha256: string | null
  /** A sample was not taken after this, UTC epoch ms. */
  readonly nowMs: number
}

/**
 * Reads a CSV file with one laboratory result a line (gzip too). A value such as `<0.05`, `0.05L`,
 * `ND` or `未检出` is one below the detection limit. Throws when the file cannot be read or lacks a column.
 */
export async function readLabFile(path: string, options: LabFileOptions): Promise<LabFile> {
  const readTime = timeReader({
    column: 'time',
    form: 'iso',
    zone: options.zone,
    repeatedHour: 'in-order',
    stamps: 'end',
    clockFaults: [],
  })
  const results: LabResult[] = []
  const faults: FileFault[] = []
  const unused = new Set<string>()
  const lineOf = new Map<string, number>()
  let at: Positions | undefined
  let lines = 0
  for await (const { cells, line } of csvLines(path, ',')) {
    if (at === undefined) {
      at = positions(path, cells)
      continue
    }
    lines++
    const cell = cellsOf(cells, at)
    const atMs = readTime(cell('time'))
    const written = {
      ...{ sample: cell('sample'), section: cell('section'), sampledMs: atMs },
      parameter: labParameter(cell('parameter')) ?? cell('parameter'),
      ...readValue(cell('value'), cell('detectionLimit')),
      unit: unitOf(cell('unit')),
      weather: weatherOf(cell('weather')),
      ...{ laboratory: cell('laboratory'), cma: cell('cma') === '' ? null : cell('cma') },
      reportSha256: cell('report') === '' ? options.reportSha256 : cell('report').toLowerCase(),
    }
    const read = incomingLabResultSchema.safeParse(written)
    if (!read.success) {
      for (const { path: field, message } of read.error.issues) {
        faults.push({ line, message: faultOf(String(field[0]), message, atMs, cell) })
      }
      continue
    }
    const { sample, section, parameter, sampledMs } = read.data
    if (sampledMs > options.nowMs) {
      faults.push({ line, message: `${COLUMNS.time[0]}: ${cell('time')} is still to come` })
      continue
    }
    const key = JSON.stringify([sample, section, sampledMs, parameter])
    const before = lineOf.get(key)
    if (before !== undefined) {
      const message = `${parameter} of sample ${sample} stands in line ${before} already`
      faults.push({ line, message })
      continue
    }
    lineOf.set(key, line)
    if (labParameter(parameter) === null) unused.add(parameter)
    results.push(read.data)
  }
  return { results, faults, lines, unused: [...unused] }
}

type Positions = Readonly<Record<Column, number>>

function positions(path: string, header: readonly string[]): Positions {
  const names = header.map((name) => name.trim().toLowerCase())
  const found = Object.fromEntries(
    Object.entries(COLUMNS).map(([column, headings]) => [
      column,
      names.findIndex((name) => headings.some((heading) => heading.toLowerCase() === name)),
    ]),
  ) as Record<Column, number>
  const absent = (Object.keys(COLUMNS) as Column[]).filter(
    (column) => found[column] < 0 && !OPTIONAL.has(column),
  )
  if (absent.length > 0) {
    const wanted = absent.map((column) => COLUMNS[column].join(' or ')).join('; ')
    throw new CommandError(
      EXIT.badInput,
      `${path}:1 lacks the column ${wanted}; it has ${header.join(', ')}`,
    )
  }
  return found
}

function cellsOf(cells: readonly string[], at: Positions): (column: Column) => string {
  return (column) => (at[column] < 0 ? '' : (cells[at[column]] ?? '').trim())
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** `<0.05`, or the limit with an L behind it, as Chinese reports write it. */
const BELOW = /^(?:[<＜]\s*(\S+)|(\S+?)\s*L)$/i
const NOT_DETECTED = /^(nd|n\.d\.|未检出|<dl|<lod)$/i

/** Whatever cannot be read stays text, so that the schema names the field. */
function readValue(
  value: string,
  limit: string,
): { readonly value: number | string | null; readonly detectionLimit: number | string | null } {
  const given = limit === '' ? null : NUMBER.test(limit) ? Number(limit) : limit
  if (NOT_DETECTED.test(value)) return { value: null, detectionLimit: given }
  if (NUMBER.test(value)) return { value: Number(value), detectionLimit: given }
  const [, after, before] = BELOW.exec(value) ?? []
  const named = after ?? before ?? ''
  if (!NUMBER.test(named)) return { value, detectionLimit: given }
  if (given !== null && given !== Number(named)) return { value, detectionLimit: given }
  return { value: null, detectionLimit: Number(named) }
}

const WEATHER: Readonly<Record<string, string>> = { 晴天: 'dry', 雨后: 'after-rain', 其他: 'other' }

function weatherOf(cell: string): string | null {
  return cell === '' ? null : (WEATHER[cell] ?? cell)
}

/** pH has no unit in most reports. */
function unitOf(cell: string): string {
  return /^(|-|—|\/|无量纲)$/.test(cell) ? '[pH]' : cell
}

const COLUMN_OF: Readonly<Record<string, Column>> = { sampledMs: 'time', reportSha256: 'report' }

function faultOf(
  field: string,
  message: string,
  atMs: number | string,
  cell: (column: Column) => string,
): string {
  const column = COLUMN_OF[field] ?? (field as Column)
  const heading = COLUMNS[column][0]
  if (column === 'time' && typeof atMs === 'string') return `${heading}: ${atMs}`
  if (column === 'value' && !NUMBER.test(cell('value'))) {
    return `${heading}: "${cell('value')}" is neither a number nor a value below the detection limit (<0.05, 0.05L, ND)${cell('detectionLimit') === '' ? '' : `, or not the limit ${cell('detectionLimit')}`}`
  }
  return cell(column) === '' ? `${heading} is empty: ${message}` : `${heading}: ${message}`
}
