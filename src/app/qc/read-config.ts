import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import type { FileFault } from '../../adapters/csv-file/index.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { convertible } from '../../domain/units.js'
import { qcConfigSchema, type QcConfig } from './config-schema.js'
import { utcOffset } from './utc-offset.js'

type Path = readonly PropertyKey[]

interface ConfigFault {
  readonly path: Path
  readonly message: string
}

/** Reads a configuration of `rainledger qc`; every fault at once, in the order of their lines. */
export function readQcConfig(
  text: string,
):
  | { readonly ok: true; readonly config: QcConfig }
  | { readonly ok: false; readonly faults: readonly FileFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      message,
    }))
    return { ok: false, faults }
  }
  const read = qcConfigSchema.safeParse(document.toJS({ maxAliasCount: 10 }))
  const faults = read.success ? contradictions(read.data) : read.error.issues.flatMap(faultsOf)
  if (read.success && faults.length === 0) return { ok: true, config: read.data }
  const placed = faults.map(({ path, message }) => ({
    line: lines.linePos(startOf(document, path)).line,
    message: `${path.join('.') || 'the configuration'}: ${message}`,
  }))
  return { ok: false, faults: placed.toSorted((a, b) => a.line - b.line) }
}

/** The faults of one issue; of a union with `off`, those of the settings and not of the word. */
function faultsOf(issue: z.core.$ZodIssue): readonly ConfigFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'no such setting' }))
  }
  if (issue.code !== 'invalid_union') return [{ path: issue.path, message: issue.message }]
  const settings = issue.errors.at(-1) ?? []
  return settings.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** What no single part of the configuration can know. */
function contradictions(config: QcConfig): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const { time, columns } = config
  if (time.stamps === 'start' && time.intervalS === undefined) {
    faults.push({ path: ['time', 'stamps'], message: 'start needs time.intervalS' })
  }
  if (time.zone !== undefined && utcOffset(time.zone) === null) {
    faults.push({ path: ['time', 'zone'], message: `"${time.zone}" is no zone and no offset` })
  }
  // Of two with one name the first counts.
  const byName = new Map(columns.toReversed().map((column) => [column.column, column]))
  for (const [index, column] of columns.entries()) {
    const path = ['columns', index]
    if (byName.get(column.column) !== column) {
      faults.push({ path: [...path, 'column'], message: `"${column.column}" is listed twice` })
    }
    faults.push(...unitFaults(column, path), ...referenceFaults(column, byName, path))
  }
  return faults
}

function unitFaults(
  { quantity, unit }: QcConfig['columns'][number],
  path: Path,
): readonly ConfigFault[] {
  if (unit === undefined) return []
  const at = [...path, 'unit']
  if (quantity === undefined) return [{ path: at, message: 'a unit needs a quantity beside it' }]
  if (convertible(unit, quantity)) return []
  const internal = QUANTITIES[quantity].unit
  return [{ path: at, message: `"${unit}" cannot be converted to ${internal} of ${quantity}` }]
}

function referenceFaults(
  { column, quantity, absent, tests }: QcConfig['columns'][number],
  byName: ReadonlyMap<string, QcConfig['columns'][number]>,
  path: Path,
): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const { location, neighbour } = tests
  if (location !== undefined && location !== 'off' && absent === 'skip') {
    const message = 'needs a row for each position: absent must be missing'
    faults.push({ path: [...path, 'tests', 'location'], message })
  }
  if (location !== undefined && location !== 'off') {
    for (const axis of ['lon', 'lat'] as const) {
      if (byName.get(location[axis])?.absent !== 'skip') continue
      const message = `"${location[axis]}" leaves rows out: absent must be missing`
      faults.push({ path: [...path, 'tests', 'location', axis], message })
    }
  }
  if (neighbour === undefined || neighbour === 'off') return faults
  const at = [...path, 'tests', 'neighbour']
  if (quantity !== 'rain_depth') {
    faults.push({ path: at, message: 'is for columns of quantity rain_depth' })
  }
  for (const [index, name] of (neighbour.columns ?? []).entries()) {
    if (name !== column && byName.get(name)?.quantity === 'rain_depth') continue
    const message = `"${name}" is no other column of quantity rain_depth`
    faults.push({ path: [...at, 'columns', index], message })
  }
  return faults
}

/** Where in the text the innermost part of a path that is there begins. */
function startOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined
    const found = pair?.key ?? document.getIn(path.slice(0, length), true)
    if (isNode(found) && found.range) return found.range[0]
  }
  return 0
}
