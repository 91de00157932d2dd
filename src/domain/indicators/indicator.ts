import type { Registry } from '../city/registry.js'
import { emptyColumns, type SeriesColumns, type SeriesId } from '../observation.js'
import type { Selection } from '../selection.js'
import type { Window } from '../time.js'
import type { IndicatorResult, Note, Part, Text, Verdict } from './result.js'

export type ParameterValue = number | string | boolean | null
export type SubjectKind = IndicatorResult['subject']['kind']
export type Subject = IndicatorResult['subject']

/** A value that an indicator can be computed with. */
export interface ParameterRule {
  readonly name: string
  readonly type: 'number' | 'string'
  /** UCUM code; empty for words. */
  readonly unit: string
  readonly default: number | string | null
  /** Closed range of a number. */
  readonly range?: readonly [low: number, high: number]
  /** The words a string may be. */
  readonly words?: readonly string[]
  /** What it means and where the default comes from. */
  readonly description: Text
}

/** What an indicator is asked: of whom, when, with what. */
export interface Scope {
  readonly registry: Registry
  readonly subject: Subject
  readonly window: Window
  /** Every parameter of the indicator, checked. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

/** A series an indicator needs; often more than the window, for base flow, recession and dry time. */
export interface Want {
  /** What it stands for: rain, flow, upstream, ponding. */
  readonly role: string
  readonly series: SeriesId
  readonly window: Window
}

export type Loaded = ReadonlyMap<SeriesId, SeriesColumns>

/** What a computation with one choice of observations came to. */
export interface Computation {
  readonly value: number | null
  readonly verdict: Verdict
  readonly reason: Text
  readonly coverage: IndicatorResult['coverage']
  readonly uncertainty: IndicatorResult['uncertainty']
  readonly table: IndicatorResult['table']
  readonly parts: readonly Part[]
  readonly notes: readonly Note[]
}

/**
 * An indicator: a pure function with everything a reader needs to judge it. Its formula never
 * changes under its version.
 */
export interface Indicator {
  readonly id: string
  readonly version: number
  readonly title: Text
  /**
   * Document, edition and clause with where it was read; (unverified) where the official text was
   * not, (recommended) where no rule fixes it (sources.ts).
   */
  readonly clause: readonly Text[]
  /** The whole rule in words, one to a line; parameters by their names, their values stand in the result. */
  readonly formula: Text
  /** UCUM code of the value. */
  readonly unit: string
  /** Closed range a value must lie in to be given at all. */
  readonly admissible: readonly [low: number, high: number]
  /** The principal kind first. */
  readonly subjectKinds: readonly [SubjectKind, ...SubjectKind[]]
  readonly parameters: readonly ParameterRule[]
  /** The series to load; each at most once per role. */
  wants(scope: Scope): readonly Want[]
  /**
   * The spans whose observations can count where the wanted windows reach over others: nobody has to
   * review a suspect value of a winter that only lies between two summers. A mean counts by its
   * middle. All count unless given.
   */
  counts?(scope: Scope): readonly Window[]
  compute(scope: Scope, loaded: Loaded, selection: Selection): Computation
}

export function text(zh: string, en: string): Text {
  return { zh, en }
}

export function note(code: string, zh: string, en: string): Note {
  return { code, text: { zh, en } }
}

/** A parameter that is a number by its rule; a missing one is a mistake of ours. */
export function numberOf(scope: Scope, name: string): number {
  const value = scope.parameters[name]
  if (typeof value !== 'number') throw new TypeError(`parameter ${name} is not a number`)
  return value
}

/** The columns of a series, empty when it was not loaded. */
export function columnsOf(loaded: Loaded, series: SeriesId): SeriesColumns {
  return loaded.get(series) ?? emptyColumns(series)
}
