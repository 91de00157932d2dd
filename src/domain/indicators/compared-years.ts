import type { ComparedYears } from '../city/registry.js'
import { instantOf, localTime } from '../local-time.js'
import type { SeriesId } from '../observation.js'
import type { Window } from '../time.js'
import { note, text, type Computation, type Scope, type Want } from './indicator.js'
import type { Note, Text } from './result.js'

/**
 * Indicators that compare years before construction with years after it. The years stand in the
 * registry, not in the window: most of them lie before it. Of the window its end counts: a year
 * that is not over then is missing, and nothing later is used.
 */

export type Period = 'before' | 'after'

/** Calendar months that a year needs, both included. */
export interface Months {
  readonly fromMonth: number
  readonly toMonth: number
}

export const WHOLE_YEAR: Months = { fromMonth: 1, toMonth: 12 }

/** Years whose months are over when the window ends, ascending; between the two periods, too. */
export function yearsOver(
  { registry, window }: Scope,
  { before, after }: ComparedYears,
  { toMonth }: Months,
): readonly number[] {
  const time = localTime(registry.city.timeZone)
  const years: number[] = []
  for (let year = before.fromYear; year <= after.toYear; year++) {
    if (instantOf(time, Date.UTC(year, toMonth)) <= window.toMs) years.push(year)
  }
  return years
}

/** The period that a year belongs to; null between the two. */
export function periodOf(year: number, { before, after }: ComparedYears): Period | null {
  if (year >= before.fromYear && year <= before.toYear) return 'before'
  return year >= after.fromYear && year <= after.toYear ? 'after' : null
}

/** The series over the hull of the years that are over; none when no year is. */
export function wantsOfYears(
  scope: Scope,
  compared: ComparedYears,
  months: Months,
  asked: readonly { readonly role: string; readonly series: SeriesId }[],
): readonly Want[] {
  const spans = spansOf(scope, yearsOver(scope, compared, months), months)
  const [first] = spans
  const last = spans.at(-1)
  if (first === undefined || last === undefined) return []
  // One millisecond more, for the mean that is stamped with the end of the last day.
  const window = { fromMs: first.fromMs, toMs: last.toMs + 1 }
  return asked.map(({ role, series }) => ({ role, series, window }))
}

/** The months of the given years. */
export function spansOf(
  { registry }: Scope,
  years: readonly number[],
  { fromMonth, toMonth }: Months,
): readonly Window[] {
  const time = localTime(registry.city.timeZone)
  return years.map((year) => ({
    fromMs: instantOf(time, Date.UTC(year, fromMonth - 1)),
    toMs: instantOf(time, Date.UTC(year, toMonth)),
  }))
}

/** Which years were asked for, and which of them were not over when the window ended. */
export function yearNotes(scope: Scope, compared: ComparedYears, months: Months): Note[] {
  const { before, after } = compared
  const named = `${span(before)} / ${span(after)}`
  const over = new Set(yearsOver(scope, compared, months))
  const open: number[] = []
  for (let year = before.fromYear; year <= after.toYear; year++) {
    if (periodOf(year, compared) !== null && !over.has(year)) open.push(year)
  }
  const notes = [
    note(
      'years_of_the_registry',
      `建设前 / 建设后的年份取自名录：${named}，不限于评价时间窗；时间窗结束后的数据不用`,
      `the years before / after construction are the registry’s, ${named}, not those of the window; nothing after the window’s end is used`,
    ),
  ]
  if (open.length > 0) {
    notes.push(
      note(
        'years_not_over',
        `时间窗结束时尚未过完、按缺测处理的年份：${open.join(', ')}`,
        `years that are not over when the window ends and count as missing: ${open.join(', ')}`,
      ),
    )
  }
  return notes
}

function span({ fromYear, toYear }: ComparedYears['before']): string {
  return fromYear === toYear ? String(fromYear) : `${fromYear}–${toYear}`
}

/** What a rule rests on that nobody read in its official text. */
export function unreadRule(facts: Text): Note {
  return note(
    'rule_unverified',
    `所用规则未核实（unverified，未查阅官方文本）：${facts.zh}`,
    `used without having read the official text (unverified): ${facts.en}`,
  )
}

/** What is answered while the registry says nothing of the matter. */
export function withoutSection(section: string, holds: Text): Computation {
  return {
    value: null,
    verdict: 'NOT_EVALUATED',
    reason: text(
      `名录中没有 ${section} 一节（${holds.zh}）`,
      `the registry has no section ${section} (${holds.en})`,
    ),
    coverage: null,
    uncertainty: null,
    table: [],
    parts: [],
    notes: [],
  }
}

/** Several reasons as one sentence in each language. */
export function together(reasons: readonly Text[]): Text {
  return text(reasons.map(({ zh }) => zh).join('；'), reasons.map(({ en }) => en).join('; '))
}
