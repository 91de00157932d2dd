import type { CityFault, CityPath } from './city-fault.js'
import { entries, type PeriodDraft } from './registry-draft.js'

/** A period of the registry: instants as ISO 8601; without `to` it lasts on. */
export interface Period {
  readonly from: string
  readonly to?: string | undefined
}

/** The period in force at an instant: from <= atMs < to. undefined when none is. */
export function periodAt<P extends Period>(periods: readonly P[], atMs: number): P | undefined {
  return periods.find(
    ({ from, to }) => Date.parse(from) <= atMs && (to === undefined || atMs < Date.parse(to)),
  )
}

/** A readable period, [fromMs, toMs), with its place in its list; toMs is Infinity while it lasts. */
export interface Span {
  readonly index: number
  readonly fromMs: number
  readonly toMs: number
}

/** The readable spans of a list, ascending by start; backwards ones left out. */
export function spansOf(periods: readonly (PeriodDraft | undefined)[] | undefined): Span[] {
  const spans: Span[] = []
  for (const [index, period] of entries(periods)) {
    const span = spanOf(period)
    if (span !== null && span.fromMs < span.toMs) spans.push({ index, ...span })
  }
  return spans.sort((a, b) => a.fromMs - b.fromMs || a.index - b.index)
}

/** Periods that end before they begin, that overlap, or (when `gaps` are faults) leave time unsaid. */
export function periodFaults(
  periods: readonly (PeriodDraft | undefined)[] | undefined,
  path: CityPath,
  rule: { readonly what: string; readonly gaps: 'fault' | 'allowed'; readonly gapRemedy?: string },
): CityFault[] {
  const faults: CityFault[] = []
  let readable = 0
  for (const [index, period] of entries(periods)) {
    const span = spanOf(period)
    if (span === null) continue
    readable++
    if (span.fromMs < span.toMs) continue
    faults.push({
      path: [...path, index, 'to'],
      message: `${rule.what} ends ${period.to} and begins ${period.from}: it has no length`,
      remedy: 'exchange or correct the two instants',
    })
  }

  // A gap beside a period nobody could read may be that very period.
  const gapsCount = rule.gaps === 'fault' && readable === (periods?.length ?? 0)
  let last: Span | undefined
  for (const span of spansOf(periods)) {
    if (last !== undefined && span.fromMs < last.toMs) {
      faults.push({
        path: [...path, span.index, 'from'],
        message: `${rule.what} from ${text(periods, span, 'from')} begins while the one from ${text(periods, last, 'from')} still lasts`,
        remedy: `write to: ${text(periods, span, 'from')} at the earlier one, or correct the instants`,
      })
    } else if (last !== undefined && gapsCount && span.fromMs > last.toMs) {
      faults.push({
        path: [...path, span.index, 'from'],
        message: `nothing is said of the time from ${text(periods, last, 'to')} to ${text(periods, span, 'from')}`,
        remedy: rule.gapRemedy ?? 'let the periods follow each other without a gap',
      })
    }
    if (last === undefined || span.toMs > last.toMs) last = span
  }
  return faults
}

function text(
  periods: readonly (PeriodDraft | undefined)[] | undefined,
  span: Span,
  end: 'from' | 'to',
): string {
  return periods?.[span.index]?.[end] ?? 'now'
}

function spanOf(period: PeriodDraft): { readonly fromMs: number; readonly toMs: number } | null {
  if (period.from === undefined) return null
  // An end that was given but could not be read is unknown, not open.
  if ('to' in period && period.to === undefined) return null
  const toMs = period.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(period.to)
  return { fromMs: Date.parse(period.from), toMs }
}
