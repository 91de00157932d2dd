import { text } from '../indicators/indicator.js'
import { blackOdourBody } from '../water-quality/black-odour-body.js'
import { BLACK_ODOUR_RULE, type BlackOdourRule } from '../water-quality/black-odour-limits.js'
import { blackOdourPoint } from '../water-quality/black-odour-point.js'
import { INFLOW_RULE, inflowComparison } from '../water-quality/inflow-comparison.js'
import { comparedValues } from '../water-quality/lab-value.js'
import { isOfClass, sectionClass } from '../water-quality/section-class.js'
import { sectionMeans } from '../water-quality/section-means.js'
import type { SurfaceWaterClass } from '../water-quality/surface-water-limits.js'
import type { LabSample } from './lab-samples.js'
import {
  judgedPart,
  standingOf,
  type Clause,
  type JudgedPart,
  type JudgedRow,
} from './judged-parts.js'
import { monthOf, type WaterBody } from './water-survey.js'

/** Fewest samples of the time before construction that a section is held against (recommended). */
export const MIN_BASELINE_SAMPLES = 3

/** No month in which a body is black-odorous: graded point by point, then as a whole. */
export function blackOdourPart(
  { points }: WaterBody,
  samples: readonly LabSample[],
  months: readonly string[],
  rule: BlackOdourRule = BLACK_ODOUR_RULE,
): JudgedPart {
  const rows = months.map((month) => {
    const graded = points.map(({ section, depthCm }) => {
      const tests = samples.filter((one) => one.section === section && monthOf(one) === month)
      return { id: section, ...blackOdourPoint(tests, depthCm, rule) }
    })
    const { grade, best, reason } = blackOdourBody(graded, rule)
    const standing = standingOf(best === 'none' ? (grade === 'none' ? true : null) : false)
    const open = graded.filter((one) => one.reason !== null)
    const [first] = open
    const told = standing === 'broken' ? (grade ?? 'light or heavy') : (reason ?? '')
    const at =
      first === undefined || standing !== 'open' ? '' : ` ${first.id} ${first.reason ?? ''}`
    return { standing, why: `${month} ${told}${at}`, month, grade, points: graded }
  })
  return judgedPart('black-odour', text('黑臭', 'black-odour'), rows)
}

/** The class of every point in every month, by the means of the month, against the class asked. */
export function classPart(
  { points, kind }: WaterBody,
  samples: readonly LabSample[],
  months: readonly string[],
  asked: SurfaceWaterClass,
): JudgedPart {
  const rows = points.flatMap(({ section }) =>
    months.map((month) => {
      const tests = samples.filter((one) => one.section === section && monthOf(one) === month)
      const means = sectionMeans(tests.map(({ values }) => values))
      const found = sectionClass(means, kind)
      const standing = standingOf(isOfClass(found, asked))
      const missing = found.missing.length === 0 ? '' : `: ${found.missing.join(' ')}`
      const told = found.class ?? (standing === 'broken' ? `worse than ${asked}` : found.reason)
      const why = `${section} ${month} ${told ?? ''}${standing === 'open' ? missing : ''}`
      return { standing, why, section, month, means, class: found.class, items: found.items }
    }),
  )
  return judgedPart('class', text(`水质类别（${asked}）`, `class (${asked})`), rows)
}

/**
 * The main items of every point, their mean over the months judged against the mean before
 * construction. `better`: none higher and one at least lower; `not-worse`: none higher.
 */
export function beforePart(
  { points }: WaterBody,
  samples: readonly LabSample[],
  months: readonly string[],
  builtFrom: string,
  asked: 'better' | 'not-worse',
): JudgedPart {
  const rows = points.map(({ section }) => {
    const own = samples.filter((one) => one.section === section)
    const before = own.filter((one) => one.day < builtFrom)
    const after = own.filter((one) => months.includes(monthOf(one)))
    const [was, is] = [before, after].map((some) => sectionMeans(some.map(({ values }) => values)))
    const items = INFLOW_RULE.items.map((item) => {
      const [reference, measured] = [was?.[item] ?? null, is?.[item] ?? null]
      const pair = reference !== null && measured !== null
      return {
        ...{ item, before: reference, after: measured },
        change: pair ? comparedValues(reference, measured) : null,
        isLower: pair && comparedValues(measured, reference) === 'worse',
      }
    })
    const common = { section, samplesBefore: before.length, samplesAfter: after.length, items }
    const open = items.filter(({ change }) => change === null).map(({ item }) => item)
    const higher = items.filter(({ change }) => change === 'worse').map(({ item }) => item)
    const row = (standing: JudgedRow['standing'], why: string | null) => ({
      ...{ standing, why: why === null ? null : `${section} ${why}` },
      ...common,
    })
    if (before.length < MIN_BASELINE_SAMPLES) {
      return row('open', `${before.length} of ${MIN_BASELINE_SAMPLES} samples before construction`)
    }
    if (higher.length > 0) return row('broken', `higher than before: ${higher.join(' ')}`)
    if (open.length > 0) return row('open', `not comparable: ${open.join(' ')}`)
    if (asked === 'not-worse' || items.some(({ isLower }) => isLower)) return row('met', null)
    return row('broken', 'no item lower than before')
  })
  const name =
    asked === 'better'
      ? text('优于建设前', 'better than before')
      : text('不劣于建设前', 'not worse than before')
  return judgedPart('before', name, rows)
}

/** Downstream against the inflow, same day against same day, with such a day in every month (recommended). */
export function inflowPart(
  { inflow }: WaterBody,
  samples: readonly LabSample[],
  months: readonly string[],
  clause: Clause,
): JudgedPart {
  const name = text('不劣于来水', 'not worse than the inflow')
  const part = (rows: readonly JudgedRow[]) => judgedPart('inflow', name, rows, clause)
  if (inflow === 'none') return part([{ standing: 'not-asked', why: 'without inflow' }])
  if (inflow === null) return part([{ standing: 'open', why: 'inflow is not stated' }])
  const of = (section: string) =>
    samples.filter((one) => one.section === section && months.includes(monthOf(one)))
  const found = inflowComparison(of(inflow.upstream), of(inflow.downstream))
  const rows = found.rows.map(({ standing, reason, ...row }) => ({
    standing: standingOf(standing === null ? null : standing === 'not-worse'),
    why: `${row.day} ${row.item} ${standing ?? reason ?? ''}`,
    ...row,
  }))
  const compared = new Set(found.rows.map((row) => row.day.slice(0, 7)))
  const empty = months.filter((month) => !compared.has(month))
  const without = empty.map(
    (month) => ({ standing: 'open', why: `${month} no_common_day` }) as const,
  )
  return part([...rows, ...without])
}
