import type { Registry } from '../domain/city/registry.js'
import { judgedBothWays } from '../domain/indicators/both-ways.js'
import { INDICATORS } from '../domain/indicators/catalogue.js'
import type { Scope } from '../domain/indicators/indicator.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import { roundedDeep } from '../domain/rounding.js'
import { loadedOf, usesOf, type MergedWant, type ReadColumns } from './load.js'

/** One indicator for one subject, with the series it wants. */
export interface ComputeItem extends Pick<Scope, 'subject' | 'window' | 'parameters'> {
  /** Id of the indicator. */
  readonly indicator: string
  readonly wants: readonly MergedWant[]
}

/** Indicators that share what was read: plain data, so that another thread can compute them. */
export interface ComputeGroup {
  readonly registry: Registry
  /** Content hash of the registry. */
  readonly sha256: string
  readonly items: readonly ComputeItem[]
  /** The computation may take them: they are not to be used afterwards. */
  readonly columns: ReadColumns
}

/** Computes the items of a group, in their order. */
export type Compute = (group: ComputeGroup) => Promise<readonly IndicatorResult[]>

/** All that computes, without waiting: on this thread. */
export const computeHere: Compute = async (group) => await Promise.resolve(computed(group))

export function computed({
  registry,
  sha256,
  items,
  columns,
}: ComputeGroup): readonly IndicatorResult[] {
  const hashes = new Map<string, string>()
  return items.map(({ indicator: id, subject, window, parameters, wants }) => {
    const indicator = INDICATORS.find((known) => known.id === id)
    if (indicator === undefined) throw new Error(`there is no indicator ${id}`)
    const scope: Scope = { registry, subject, window, parameters }
    const judgement = judgedBothWays(indicator, scope, loadedOf(wants, columns))
    return roundedDeep({
      indicator: indicator.id,
      version: indicator.version,
      title: indicator.title,
      clause: [...indicator.clause],
      formula: indicator.formula,
      subject,
      window,
      registry: sha256,
      value: judgement.value,
      unit: indicator.unit,
      verdict: judgement.verdict,
      reason: judgement.reason,
      coverage: judgement.coverage,
      uncertainty: judgement.uncertainty,
      withoutSuspect: judgement.withoutSuspect,
      inputs: [...usesOf(wants, columns, hashes)],
      parameters: { ...parameters },
      table: judgement.table,
      parts: [...judgement.parts],
      notes: [...judgement.notes],
    })
  })
}
