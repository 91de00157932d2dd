import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'

/** A file that cannot be used as it is: every fault at once, `file:line: path: what would be right`. */
export class BadFile extends Error {
  override readonly name = 'BadFile'
}

/** Where something stands in a file, and what is wrong with it. */
export interface PathFault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * Reads a YAML text by a schema.
 *
 * @param contradictions what no single part of the value can know
 * @throws BadFile
 */
export function readYamlFile<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
  contradictions: (value: z.output<Schema>) => readonly PathFault[] = () => [],
): z.output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      ({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`,
    )
    throw new BadFile(faults.join('\n'))
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const read = schema.safeParse(plainOf(file, document))
  const faults = read.success ? contradictions(read.data) : read.error.issues.flatMap(faultsOf)
  if (read.success && faults.length === 0) return read.data
  const told = faults
    .map(({ path, message }) => ({ line: lineOf(path), where: path.join('.'), message }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, where, message }) =>
      [`${file}:${line}`, ...(where === '' ? [] : [where]), message].join(': '),
    )
  throw new BadFile(told.join('\n'))
}

/** @throws BadFile for aliases that unfold without end */
function plainOf(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new BadFile(`${file}: ${why}`, { cause: error })
  }
}

/** The faults of one issue; of a union with a word, those of the settings and not of the word. */
function faultsOf(issue: z.core.$ZodIssue): readonly PathFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'no such setting' }))
  }
  const settings = issue.code === 'invalid_union' ? (issue.errors.at(-1) ?? []) : []
  if (settings.length === 0) return [{ path: issue.path, message: issue.message }]
  return settings.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }))
}
