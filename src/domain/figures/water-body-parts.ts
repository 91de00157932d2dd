import { text } from '../indicators/indicator.js'
import { blackOdourBody } from '../water-quality/black-odour-body.js'
import {
  BLACK_ODOUR_INDICATORS,
  BLACK_ODOUR_RULE,
  type BlackOdourGrade,
  type BlackOdourRule,
} from '../water-quality/black-odour-limits.js'
import { blackOdourPoint } from '../water-quality/black-odour-point.js'
import { isOfClass, sectionClass } from '../water-quality/section-class.js'
import { sectionMeans } from '../water-quality/section-means.js'
import type { SurfaceWaterClass } from '../water-quality/surface-water-limits.js'
import { asSamplings, type LabSample } from './lab-samples.js'
import { judgedPart, standingOf, type JudgedPart, type Standing } from './judged-parts.js'
import { monthOf, type WaterBody } from './water-survey.js'

/** How a grade stands to not being black-odorous. */
export function blackOdourStanding({
  best,
  grade,
}: {
  readonly best: BlackOdourGrade
  readonly grade: BlackOdourGrade | null
}): Standing {
  if (best !== 'none') return 'broken'
  return standingOf(grade === 'none' ? true : null)
}

/** No month in which a body is black-odorous: graded point by point, then as a whole. */
export function blackOdourPart(
  { points }: WaterBody,
  samples: readonly LabSample[],
  months: readonly string[],
  rule: BlackOdourRule = BLACK_ODOUR_RULE,
): JudgedPart {
  // A sample of other items alone is no test of this, and must not upset the spacing of those that are.
  const all = asSamplings(
    samples.filter(({ values }) => BLACK_ODOUR_INDICATORS.some((one) => one in values)),
  )
  const rows = months.map((month) => {
    const graded = points.map(({ section, depthCm }) => {
      const tests = all.filter((one) => one.section === section && monthOf(one) === month)
      return { id: section, ...blackOdourPoint(tests, depthCm, rule) }
    })
    const { grade, best, reason } = blackOdourBody(graded, rule)
    const standing = blackOdourStanding({ grade, best })
    const first = graded.find((one) => one.reason !== null)
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
