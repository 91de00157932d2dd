import { text } from '../indicators/indicator.js'
import { INFLOW_RULE, inflowComparison } from '../water-quality/inflow-comparison.js'
import { comparedValues } from '../water-quality/lab-value.js'
import { sectionMeans } from '../water-quality/section-means.js'
import { asSamplings, type LabSample } from './lab-samples.js'
import {
  judgedPart,
  standingOf,
  type Clause,
  type JudgedPart,
  type JudgedRow,
} from './judged-parts.js'
import { monthOf, type WaterBody } from './water-survey.js'

/** Fewest values of an item before construction, and after, that a mean is compared of (recommended). */
const MIN_VALUES = 3

/** COD, ammonia nitrogen, total phosphorus: what is held against the inflow, and against before (recommended). */
const MAIN_ITEMS = INFLOW_RULE.items

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
    const before = own.filter((one) => one.day < builtFrom).map(({ values }) => values)
    const after = own.filter((one) => months.includes(monthOf(one))).map(({ values }) => values)
    const [was, is] = [sectionMeans(before), sectionMeans(after)]
    const items = MAIN_ITEMS.map((item) => {
      const valuesOf = (of: readonly LabSample['values'][]) =>
        of.filter((one) => item in one).length
      const [valuesBefore, valuesAfter] = [valuesOf(before), valuesOf(after)]
      const [reference, measured] = [was[item] ?? null, is[item] ?? null]
      const isEnough = Math.min(valuesBefore, valuesAfter) >= MIN_VALUES
      const pair = isEnough && reference !== null && measured !== null
      return {
        ...{ item, before: reference, after: measured, valuesBefore, valuesAfter },
        change: pair ? comparedValues(reference, measured) : null,
        isLower: pair && comparedValues(measured, reference) === 'worse',
      }
    })
    const row = (standing: JudgedRow['standing'], why: string | null) => ({
      ...{ standing, why: why === null ? null : `${section} ${why}`, section, items },
    })
    const higher = items.filter(({ change }) => change === 'worse').map(({ item }) => item)
    if (higher.length > 0) return row('broken', `higher than before: ${higher.join(' ')}`)
    const open = items.find(({ change }) => change === null)
    if (open !== undefined) {
      const { item, valuesBefore, valuesAfter } = open
      return row('open', `${item} of ${valuesBefore} values before and ${valuesAfter} after`)
    }
    if (asked === 'not-worse' || items.some(({ isLower }) => isLower)) return row('met', null)
    return row('broken', 'no item lower than before')
  })
  const name =
    asked === 'better'
      ? text('优于建设前', 'better than before')
      : text('不劣于建设前', 'not worse than before')
  return judgedPart('before', name, rows)
}

/**
 * Downstream against the inflow, same day against same day, item by item; each item on one such day of
 * every month at least (recommended). A day on which an item was not tested at both says nothing of it.
 */
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
  const tests = samples.filter(
    (one) => months.includes(monthOf(one)) && MAIN_ITEMS.some((item) => item in one.values),
  )
  const of = (section: string) => asSamplings(tests.filter((one) => one.section === section))
  const found = inflowComparison(of(inflow.upstream), of(inflow.downstream))
  const compared = found.rows.filter(({ reason }) => reason !== 'items_missing')
  const rows = compared.map(({ standing, reason, ...row }) => ({
    standing: standingOf(standing === null ? null : standing === 'not-worse'),
    why: `${row.day} ${row.item} ${standing ?? reason ?? ''}`,
    ...row,
  }))
  const without = months.flatMap((month) =>
    MAIN_ITEMS.filter(
      (item) => !compared.some((row) => row.item === item && row.day.startsWith(month)),
    ).map((item) => ({ standing: 'open', why: `${month} ${item} no_common_day` }) as const),
  )
  return part([...rows, ...without])
}
