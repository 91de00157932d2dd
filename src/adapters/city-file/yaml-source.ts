import {
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  type ErrorCode,
  type Node,
  type YAMLError,
} from 'yaml'
import type { CityPath } from '../../domain/city/city-fault.js'
import { isCredentialKey, isCredentialValue } from './credentials.js'
import { faultText } from '../../domain/fault.js'
import { plainText } from './plain-text.js'

/** Values that aliases may repeat, nested repetition multiplied; beyond it the text is an alias bomb. */
const MOST_REPETITIONS = 20_000

/** A fault with its place in one text. */
export interface SourceFault {
  readonly line: number | null
  readonly path: CityPath
  readonly message: string
  readonly remedy: string
}

/** One YAML text, read as far as it could be. */
export interface YamlSource {
  /** Plain values; `null` when the text is empty or broken. */
  readonly value: unknown
  /** Broken syntax, double keys, credentials. */
  readonly faults: readonly SourceFault[]
  /** Whether the syntax held, so that `value` is what the writer meant. */
  readonly isWellFormed: boolean
  /** Line of a path's value, from 1; of the nearest thing above when the value is not there. */
  lineOf(path: CityPath): number
  /** Whether the value at a path, or the key above it, may be a credential and must not be shown. */
  isHidden(path: CityPath): boolean
}

/** Reads a YAML 1.2 text. Never throws, whatever the text. */
export function yamlSource(text: string): YamlSource {
  try {
    return readSource(text)
  } catch (error) {
    // Nesting deeper than the stack, or a defect of the parser: either way the text is at fault here.
    return brokenSource(`the text cannot be read as YAML: ${brief(faultText(error))}`, 1)
  }
}

function readSource(text: string): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Looked for below, all of them and in linear time.
    uniqueKeys: false,
    logLevel: 'error',
  })
  const syntax = syntaxFaults(text, [...document.errors, ...document.warnings], lines)
  const root = document.contents
  const scan = scanNodes(root, lines)
  let value: unknown = null
  let isWellFormed = syntax.length === 0 && scan.aliases.length === 0
  const faults = [...syntax, ...scan.aliases, ...scan.faults]
  if (isWellFormed) {
    try {
      value = document.toJS({ maxAliasCount: MOST_REPETITIONS })
    } catch (error) {
      isWellFormed = false
      faults.push({
        line: 1,
        path: [],
        message: `the aliases cannot be resolved: ${brief(faultText(error))}`,
        remedy: 'write the values out instead of repeating them by *alias',
      })
    }
  }
  return {
    value,
    faults,
    isWellFormed,
    lineOf: (path) => lines.linePos(positionOf(root, path, scan.targets)).line,
    isHidden: (path) => path.some((_, depth) => scan.hidden.has(key(path.slice(0, depth + 1)))),
  }
}

/** A source of which nothing could be read, with the one reason. */
export function brokenSource(
  message: string,
  line: number | null,
  remedy = 'save the registry as YAML in UTF-8',
): YamlSource {
  return {
    value: null,
    faults: [{ line, path: [], message, remedy }],
    isWellFormed: false,
    lineOf: () => 1,
    isHidden: () => false,
  }
}

function syntaxFaults(
  text: string,
  errors: readonly YAMLError[],
  lines: LineCounter,
): SourceFault[] {
  const faults = new Map<number, SourceFault>()
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0])
    // What follows on the same line is mostly an echo of the first.
    if (faults.has(line)) continue
    faults.set(line, {
      line,
      path: [],
      message: `the syntax is broken: ${brief(error.message)}`,
      remedy: syntaxRemedy(error, lineText(text, lines, line)),
    })
  }
  return [...faults.values()]
}

const SYNTAX_REMEDIES: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'indent with spaces, not tabs',
  BAD_INDENT: 'align the line with its neighbours, or close the bracket or quote opened above',
  MISSING_CHAR: 'add the missing character; a quote or bracket opened here or above is not closed',
  BLOCK_AS_IMPLICIT_KEY: 'write one "key: value" a line; put a value that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'write one "key: value" a line; put a value that holds ": " in quotes',
  BAD_SCALAR_START: 'put the value in quotes',
  MULTIPLE_DOCS: 'keep one document a file: delete the line "---" and join the parts',
  TAG_RESOLVE_FAILED: 'delete the !tag; put a value that begins with ! in quotes',
  RESOURCE_EXHAUSTION: 'nest less deeply',
}

function syntaxRemedy(error: YAMLError, line: string): string {
  if (line.includes('：')) return 'write a half-width colon and a space (": ") instead of "："'
  if (/[，｛｝［］“”‘’]/.test(line)) {
    return 'write half-width , { } [ ] " instead of their full-width forms'
  }
  return (
    SYNTAX_REMEDIES[error.code] ??
    'correct the line; "key: value", lists with "- ", two spaces a level'
  )
}

interface Scan {
  readonly faults: SourceFault[]
  readonly aliases: SourceFault[]
  readonly hidden: Set<string>
  /** What each alias repeats. */
  readonly targets: Map<unknown, Node>
}

/** Walks what is written, without following aliases: double and odd keys, credentials, loose aliases. */
function scanNodes(root: Node | null, lines: LineCounter): Scan {
  const scan: Scan = { faults: [], aliases: [], hidden: new Set(), targets: new Map() }
  const anchors = new Map<string, Node>()

  function walk(node: unknown, path: CityPath): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source)
      if (target !== undefined) {
        scan.targets.set(node, target)
        return
      }
      scan.aliases.push({
        line: lineAt(node),
        path,
        message: `the alias *${brief(node.source)} has no anchor before it`,
        remedy: `put &${brief(node.source)} at the value it repeats, or quotes around a text that begins with *`,
      })
      return
    }
    if (!isNode(node)) return
    if (node.anchor !== undefined) anchors.set(node.anchor, node)
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index])
    } else if (isMap(node)) {
      walkMap(node.items, path)
    } else if (isScalar(node) && isCredentialValue(node.value)) {
      hide(path, lineAt(node))
    }
  }

  function walkMap(
    pairs: readonly { readonly key: unknown; readonly value: unknown }[],
    path: CityPath,
  ): void {
    const firstLines = new Map<string, number>()
    for (const pair of pairs) {
      const line = lineAt(pair.key)
      if (!isScalar(pair.key)) {
        scan.faults.push({
          line,
          path,
          message: 'a key must be a word, not a list, mapping or alias',
          remedy: 'write "key: value"; put a text that begins with [, { or * in quotes',
        })
        continue
      }
      const name = String(pair.key.value)
      const at = [...path, name]
      const first = firstLines.get(name)
      if (first !== undefined) {
        scan.faults.push({
          line,
          path: at,
          message: `"${brief(name)}" stands twice, first in line ${first}`,
          remedy: 'delete one of the two, or join them',
        })
      }
      firstLines.set(name, first ?? line)
      if (isCredentialKey(name)) hide(at, line)
      else walk(pair.value, at)
    }
  }

  function hide(path: CityPath, line: number): void {
    scan.hidden.add(key(path))
    scan.faults.push({
      line,
      path,
      message: 'this looks like a credential; the registry is published, journaled and sealed',
      remedy:
        'delete it and consider it disclosed; device secrets are generated and live in the secrets file',
    })
  }

  function lineAt(node: unknown): number {
    return lines.linePos(startOf(node) ?? 0).line
  }

  walk(root, [])
  return scan
}

/** Offset of what stands at a path, or of the nearest thing above it. */
function positionOf(
  root: Node | null,
  path: CityPath,
  targets: ReadonlyMap<unknown, Node>,
): number {
  let node: unknown = root
  let position = 0
  for (const step of path) {
    if (isAlias(node)) node = targets.get(node)
    if (isSeq(node) && typeof step === 'number') {
      const item: unknown = node.items[step]
      position = startOf(item) ?? position
      node = item
    } else if (isMap(node)) {
      const pair = node.items.findLast(
        ({ key: name }) => isScalar(name) && String(name.value) === String(step),
      )
      if (pair === undefined) break
      position = startOf(pair.key) ?? position
      node = pair.value
    } else {
      break
    }
  }
  return position
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function lineText(text: string, lines: LineCounter, line: number): string {
  const from = lines.lineStarts[line - 1] ?? 0
  return text.slice(from, lines.lineStarts[line])
}

function brief(text: string): string {
  return plainText(text).slice(0, 80)
}

function key(path: CityPath): string {
  return JSON.stringify(path)
}
