import type { IndicatorResult, Text } from '../domain/indicators/result.js'
import type { SealedAssessment } from '../domain/scheme/assessment.js'
import type { Scheme } from '../domain/scheme/scheme.js'
import type { Statement } from '../domain/scheme/statement.js'
import type { SeriesId } from '../domain/observation.js'
import type { Window } from '../domain/time.js'

/** Rain per step of a window: every step is present; null where there is no valid rain record. */
export interface Hyetograph {
  readonly gauge: SeriesId
  readonly stepMs: number
  /** Start of each step, UTC epoch ms, ascending, without gaps. */
  readonly fromMs: readonly number[]
  readonly depthMm: readonly (number | null)[]
  /**
   * Share of the step's time that valid observations cover, 0 to 1. A depth with coverage 0 is known
   * as part of a longer span only (a counter's gap), spread evenly over it.
   */
  readonly coverage: readonly number[]
  /** The worst flag in the step by the precedence 9 < 2 < 1 < 3 < 4; 9 for a step without observations. */
  readonly worstFlag: readonly number[]
}

/** A state (flow, level, ponding depth…) per step of a window; otherwise as a hyetograph. */
export interface Hydrograph {
  readonly sensor: SeriesId
  readonly stepMs: number
  readonly fromMs: readonly number[]
  /** In the internal unit of the sensor's quantity. */
  readonly mean: readonly (number | null)[]
  readonly max: readonly (number | null)[]
  readonly coverage: readonly number[]
  readonly worstFlag: readonly number[]
}

/** One rain event of a gauge, or of a catchment's areal rain. */
export interface RainEventRow {
  /** UTC epoch ms: start of the first wet span, end of the last. */
  readonly fromMs: number
  readonly toMs: number
  readonly depthMm: number
  readonly durationMs: number
  /** Depth over duration, mm/h. */
  readonly meanIntensityMmH: number
  /** Greatest mean intensity over a whole hour, half hour and five minutes, mm/h; null when the record is too coarse. */
  readonly peak60MmH: number | null
  readonly peak30MmH: number | null
  readonly peak5MmH: number | null
  /** Dry time before the event, ms; null when it reaches beyond the record. */
  readonly antecedentDryMs: number | null
  /** Share of the event's time that valid observations cover, 0 to 1. */
  readonly coverage: number
  readonly worstFlag: number
}

export interface RainEventQuery {
  readonly subject: { readonly kind: 'gauge' | 'catchment'; readonly id: string }
  readonly window: Window
  /** Shortest dry spell that separates two events, ms; > 0. */
  readonly interEventMs: number
  /** Events with less depth are left out, mm. */
  readonly minDepthMm: number
}

/** A value that an indicator can be computed with; all have a default. */
export interface IndicatorParameter {
  readonly name: string
  readonly type: 'number' | 'string' | 'boolean'
  /** UCUM code; empty for words. */
  readonly unit: string
  readonly default: number | string | boolean | null
  readonly description: Text
}

export interface IndicatorDescription {
  readonly id: string
  readonly version: number
  readonly title: Text
  readonly clause: readonly Text[]
  readonly formula: Text
  readonly unit: string
  /** The principal kind of subject. */
  readonly subjectKind: IndicatorResult['subject']['kind']
  /** Every kind that can be asked for, the principal one first. */
  readonly subjectKinds: readonly IndicatorResult['subject']['kind'][]
  readonly parameters: readonly IndicatorParameter[]
}

export interface IndicatorQuery {
  readonly indicator: string
  readonly subject: string
  readonly window: Window
  /** As given, by name; absent ones take their default. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What is wrong with a query, in the terms of the one who asked. */
export interface QueryFault {
  readonly field: string
  readonly value: string
  /** What would be right. */
  readonly expected: string
}

/** What an assessment is made of, beside the stored series and the registry in force. */
export interface AssessmentQuery {
  readonly scheme: string
  readonly window: Window
  readonly statements: readonly Statement[]
}

export type AssessmentAnswer =
  | ({ readonly ok: true } & SealedAssessment)
  | { readonly ok: false; readonly faults: readonly QueryFault[] }

/** What can be known of the city beyond single series. The subjects named are in the registry in force. */
export interface Assessment {
  /** For a sensor of quantity rain_depth. Counters and tips are differenced after ordering. */
  hyetograph(gauge: SeriesId, window: Window, stepMs: number): Promise<Hyetograph>
  /** For a sensor whose quantity is a state. */
  hydrograph(sensor: SeriesId, window: Window, stepMs: number): Promise<Hydrograph>
  /** Events that overlap the window, in time order. */
  rainEvents(query: RainEventQuery): Promise<readonly RainEventRow[]>
  /** All indicators of this release, in the order of their catalogue. */
  indicators(): readonly IndicatorDescription[]
  /** The result of one indicator, or what is wrong with the query: unknown indicator, subject or parameter, a value out of range. */
  evaluate(
    query: IndicatorQuery,
  ): Promise<
    | { readonly ok: true; readonly result: IndicatorResult }
    | { readonly ok: false; readonly faults: readonly QueryFault[] }
  >
  /** The schemes that a city can be assessed by. */
  schemes(): readonly Scheme[]
  /** A whole scheme over the city, or what is wrong with the query. */
  assess(query: AssessmentQuery): Promise<AssessmentAnswer>
}
