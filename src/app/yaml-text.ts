import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import type { FileFault } from '../adapters/csv-file/index.js'

/** Where something stands in a file: `['values', 0, 'sensor']`. */
export type YamlPath = readonly PropertyKey[]

export interface PathFault {
  readonly path: YamlPath
  readonly message: string
}

export type YamlReading<Value> =
  | {
      readonly ok: true
      readonly value: Value
      /** A fault of what stands at a path, with its line, for whoever knows more than the schema. */
      readonly fault: (fault: PathFault) => FileFault
    }
  | { readonly ok: false; readonly faults: readonly FileFault[] }

/**
 * Reads a YAML text by a schema; every fault at once, each with its line, in the order of the lines.
 *
 * @param whole what the file is, for faults of it as a whole: `the mapping`
 * @param contradictions what no single part of the value can know
 */
export function readYaml<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  whole: string,
  contradictions: (value: z.output<Schema>) => readonly PathFault[] = () => [],
): YamlReading<z.output<Schema>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ pos, message }) => ({
      line: lines.linePos(pos[0]).line,
      message,
    }))
    return { ok: false, faults }
  }
  const fault = ({ path, message }: PathFault) => ({
    line: lines.linePos(startOf(document, path)).line,
    message: `${path.join('.') || whole}: ${message}`,
  })
  let plain: unknown
  try {
    plain = document.toJS({ maxAliasCount: 10 })
  } catch (error) {
    // Aliases that repeat without end, or name nothing.
    const said = error instanceof Error ? error.message : String(error)
    return { ok: false, faults: [{ line: 1, message: `${whole}: ${said}; write it out instead` }] }
  }
  const read = schema.safeParse(plain)
  const found = read.success ? contradictions(read.data) : read.error.issues.flatMap(faultsOf)
  if (read.success && found.length === 0) return { ok: true, value: read.data, fault }
  return { ok: false, faults: found.map(fault).sort((a, b) => a.line - b.line) }
}

/** The faults of one issue; of a union with a word such as `off`, those of the settings and not of the word. */
function faultsOf(issue: z.core.$ZodIssue): readonly PathFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'no such setting' }))
  }
  const settings = issue.code === 'invalid_union' ? (issue.errors.at(-1) ?? []) : []
  if (settings.length === 0) return [{ path: issue.path, message: issue.message }]
  return settings.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** Where in the text the innermost part of a path that is there begins. */
function startOf(document: Document, path: YamlPath): number {
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
