import type { CityPath } from '../../domain/city/city-fault.js'
import type { RegistryFault } from '../../ports/city-registry.js'
import { pathText } from './path-text.js'
import type { YamlSource } from './yaml-source.js'

/** A text with its file's name; null when there is only one and the caller knows its name. */
export interface NamedSource {
  readonly file: string | null
  readonly source: YamlSource
}

/** Where something stands. */
export interface Place {
  readonly file?: string
  readonly line: number | null
}

/** Several texts as one registry. */
export interface JoinedSources {
  readonly value: unknown
  readonly faults: readonly RegistryFault[]
  readonly isWellFormed: boolean
  placeOf(path: CityPath): Place
  isHidden(path: CityPath): boolean
}

/** A run of list entries, or a whole section, that one text contributes. */
interface Part {
  readonly from: NamedSource
  readonly start: number
  readonly count: number
}

/**
 * Joins texts section by section: lists are put one after the other in the order of the files,
 * everything else may stand in one file only (`format` in each, if it is the same).
 */
export function joined(sources: readonly NamedSource[]): JoinedSources {
  const faults: RegistryFault[] = sources.flatMap((named) =>
    named.source.faults.map((fault) => ({
      ...place(named, fault.line),
      path: pathText(fault.path),
      message: fault.message,
      remedy: fault.remedy,
    })),
  )
  const isWellFormed = sources.every(({ source }) => source.isWellFormed)
  const [only] = sources
  if (sources.length === 1 && only !== undefined) {
    return {
      value: only.source.value,
      faults,
      isWellFormed,
      placeOf: (path) => place(only, only.source.lineOf(path)),
      isHidden: (path) => only.source.isHidden(path),
    }
  }

  const sections = new Map<string, unknown>()
  const parts = new Map<string, Part[]>()
  for (const named of sources) {
    const { value } = named.source
    if (!isMapping(value)) {
      if (value === null && !named.source.isWellFormed) continue
      faults.push({
        ...place(named, 1),
        path: '',
        message: value === null ? 'the file is empty' : 'the file is no mapping of sections',
        remedy: 'write sections ("devices:", "stations:" …), or take the file out of the folder',
      })
      continue
    }
    for (const [section, content] of Object.entries(value)) join(named, section, content)
  }

  function join(named: NamedSource, section: string, content: unknown): void {
    const before = sections.get(section)
    const known = parts.get(section)
    if (known === undefined) {
      sections.set(section, content)
      parts.set(section, [{ from: named, start: 0, count: lengthOf(content) }])
    } else if (Array.isArray(before) && Array.isArray(content)) {
      const earlier: readonly unknown[] = before
      sections.set(section, earlier.concat(content))
      known.push({ from: named, start: earlier.length, count: content.length })
    } else if (section !== 'format' || before !== content) {
      faults.push({
        ...place(named, named.source.lineOf([section])),
        path: pathText([section]),
        message: `"${section}" stands in ${known[0]?.from.file} already`,
        remedy: 'keep it in one file of the folder; only lists may be spread over several',
      })
    }
  }

  /** The text a path lies in, and the path within that text. */
  function origin(path: CityPath): { from: NamedSource; path: CityPath } | null {
    const [section, index, ...rest] = path
    const known = typeof section === 'string' ? parts.get(section) : undefined
    if (section === undefined || known === undefined) return null
    for (const { from, start, count } of known) {
      if (typeof index !== 'number') return { from, path }
      if (index >= start && index < start + count) {
        return { from, path: [section, index - start, ...rest] }
      }
    }
    return null
  }

  return {
    value: Object.fromEntries(sections),
    faults,
    isWellFormed,
    placeOf: (path) => {
      const found = origin(path)
      return found === null
        ? { line: null }
        : place(found.from, found.from.source.lineOf(found.path))
    },
    isHidden: (path) => {
      const found = origin(path)
      return found !== null && found.from.source.isHidden(found.path)
    },
  }
}

function place({ file }: NamedSource, line: number | null): Place {
  return file === null ? { line } : { file, line }
}

function lengthOf(content: unknown): number {
  return Array.isArray(content) ? content.length : 0
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
