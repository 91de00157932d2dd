import { text } from '../indicators/indicator.js'
import type { Text, Verdict } from '../indicators/result.js'
import { rounded } from '../rounding.js'

/** `open`: cannot be told. `not-asked`: does not concern the subject. */
export type Standing = 'met' | 'broken' | 'open' | 'not-asked'

/** One comparison behind a part: of a month, a point, an outfall; more figures may stand beside. */
export interface JudgedRow {
  readonly standing: Standing
  /** What decided, in figures and code words; null when there is nothing to say. */
  readonly why: string | null
}

/** Whether a clause must be met, or preferably is (不宜): then proof may make up for it. */
export type Clause = 'must' | 'preferably'

/** One thing that is asked of a subject. */
export interface JudgedPart extends JudgedRow {
  readonly part: string
  readonly name: Text
  readonly clause: Clause
  readonly rows: readonly JudgedRow[]
}

/** A water body, an outfall, a project, with all that is asked of it. */
export interface JudgedSubject {
  /** Empty where there is one subject only. */
  readonly id: string
  /** Weight in the share of subjects that meet everything: 1, an area, or 0 where none is meant. */
  readonly weight: number
  readonly parts: readonly JudgedPart[]
}

export interface JudgedWhole {
  /** Share by weight of the subjects that meet everything; null while one of them is open. */
  readonly value: number | null
  readonly verdict: Verdict
  readonly reason: Text
  /** Whether one of the broken parts must be met. */
  readonly breaksMust: boolean
}

/** @param meets null when it cannot be told */
export function standingOf(meets: boolean | null): Standing {
  if (meets === null) return 'open'
  return meets ? 'met' : 'broken'
}

/** A part over its rows: any broken row breaks it, else any open one leaves it open, as no row at all does. */
export function judgedPart(
  part: string,
  name: Text,
  rows: readonly JudgedRow[],
  clause: Clause = 'must',
): JudgedPart {
  const common = { part, name, clause, rows }
  if (rows.length === 0) return { ...common, standing: 'open', why: 'nothing_given' }
  const standing = worst(rows.map((row) => row.standing))
  const deciding = rows.filter((row) => row.standing === standing && row.why !== null)
  const shown = deciding.slice(0, SHOWN).map(({ why }) => why)
  const more = deciding.length > SHOWN ? [`… ${deciding.length} in all`] : []
  const why = shown.length === 0 ? null : [...shown, ...more].join(', ')
  return { ...common, standing, why: standing === 'met' ? null : why }
}

/** A part of one row with its figures, which also stand in the reason. */
export function figuredPart(
  id: string,
  title: Text,
  meets: boolean | null,
  figures: Readonly<Record<string, unknown>> | null,
  clause: Clause = 'must',
): JudgedPart {
  const said = Object.entries(figures ?? {}).flatMap(([key, value]) =>
    typeof value === 'number' ? [`${key} ${value}`] : value === null ? [`${key} not given`] : [],
  )
  const why = said.length > 0 ? said.join(', ') : meets === null ? 'not given' : null
  return judgedPart(id, title, [{ standing: standingOf(meets), why, ...figures }], clause)
}

/** What is asked of subjects, as a whole: every part of every subject must be met. */
export function judgedWhole(subjects: readonly JudgedSubject[]): JudgedWhole {
  const parts = subjects.flatMap(({ id, parts: of }) => of.map((part) => ({ id, ...part })))
  const standing = parts.length === 0 ? 'open' : worst(parts.map((part) => part.standing))
  const deciding = parts.filter((part) => part.standing === standing)
  const said = (language: 'zh' | 'en'): string =>
    deciding
      .map(({ id, name, why }) =>
        `${id} ${name[language]}${why === null ? '' : ` (${why})`}`.trim(),
      )
      .join('; ')
  const breaksMust = deciding.some((one) => one.standing === 'broken' && one.clause === 'must')
  const common = { value: shareMet(subjects), breaksMust }
  switch (standing) {
    case 'broken':
      return {
        ...common,
        verdict: 'FAIL',
        reason: text(`不符合要求：${said('zh')}`, `breaks the requirement: ${said('en')}`),
      }
    case 'open':
      return {
        ...common,
        verdict: 'NOT_EVALUATED',
        reason: text(`不能判定：${said('zh')}`, `cannot be told: ${said('en')}`),
      }
    case 'met':
      return {
        ...common,
        verdict: 'PASS',
        reason: text('各部分均符合要求', 'every part meets the requirement'),
      }
    case 'not-asked':
      return {
        ...common,
        verdict: 'NOT_APPLICABLE',
        reason: text('各部分均不适用', 'no part is asked here'),
      }
    default:
      return standing satisfies never
  }
}

/** Rows named in a reason; the others stand in the steps. */
const SHOWN = 3

const WORST_FIRST = ['broken', 'open', 'met', 'not-asked'] as const

function worst(standings: readonly Standing[]): Standing {
  return WORST_FIRST.find((one) => standings.includes(one)) ?? 'not-asked'
}

function shareMet(subjects: readonly JudgedSubject[]): number | null {
  let [total, met] = [0, 0]
  for (const { weight, parts } of subjects) {
    if (weight === 0) continue
    const standing = worst(parts.map((part) => part.standing))
    if (standing === 'open') return null
    if (standing === 'not-asked') continue
    total += weight
    if (standing === 'met') met += weight
  }
  return total === 0 ? null : rounded(met / total)
}
