import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { LAB_PARAMETERS, type LabParameterId } from '../laboratory/lab-parameters.js'
import type { LabValue } from '../water-quality/lab-value.js'
import type { FormulaOutcome } from './figure-formula.js'
import { judgedWhole, type JudgedSubject } from './judged-parts.js'

/** Items that are read off a scale and have no detection limit. */
export const WITHOUT_LIMIT: ReadonlySet<LabParameterId> = new Set([
  ...(['transparency', 'redoxPotential', 'ph'] as const),
])

const LAB_ITEMS = Object.keys(LAB_PARAMETERS) as [LabParameterId, ...LabParameterId[]]

/** A value as the report prints it; `below` its detection limit stays so. */
const labResult = z
  .strictObject({
    item: z.enum(LAB_ITEMS),
    value: z.union([z.number(), z.literal('below')]),
    unit: z.string(),
    detectionLimit: z.number().positive().nullable().default(null),
  })
  .superRefine(({ item, value, unit, detectionLimit }, context) => {
    const fault = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message })
    }
    if (unit !== LAB_PARAMETERS[item].unit) {
      fault('unit', `${unit} is not ${LAB_PARAMETERS[item].unit}, the unit of ${item}`)
    }
    if (value === 'below' && detectionLimit === null) {
      fault('detectionLimit', `${item} is below it, so it must be given`)
    }
    if (detectionLimit !== null && WITHOUT_LIMIT.has(item)) {
      fault('detectionLimit', `${item} has none; leave it out`)
    }
    if (value !== 'below' && value < 0 && item !== 'redoxPotential') {
      fault('value', `${value} is negative; ${item} is at least 0`)
    }
  })

const name = z.string().trim().min(1)
export const day = z.iso.date()

const WEATHER = ['dry', 'after-rain', 'other'] as const

/** A sample of a section, as a line of a laboratory report. */
export const labSample = z.strictObject({
  id: name,
  section: name,
  day: day.meta({ description: 'local date of sampling' }),
  laboratory: name,
  cmaNumber: name.nullable().default(null).meta({
    description: 'number of its CMA accreditation; without it the sample decides nothing',
  }),
  weather: z.enum(WEATHER).nullable().default(null).meta({
    description:
      'dry: 48 h without rain; after-rain: within a day of rain of moderate grade or more',
  }),
  values: z
    .array(labResult)
    .min(1)
    .superRefine((values, context) => {
      const seen = new Set<string>()
      for (const [i, { item }] of values.entries()) {
        if (seen.has(item)) {
          const message = `${item} is there twice`
          context.addIssue({ code: 'custom', path: [i, 'item'], message })
        }
        seen.add(item)
      }
    }),
})

/** A sample as a survey writes it. */
export type WrittenSample = z.input<typeof labSample>

/** A sample with its values by item. */
export interface LabSample {
  readonly id: string
  readonly section: string
  readonly day: string
  readonly isAccredited: boolean
  readonly weather: (typeof WEATHER)[number] | null
  readonly values: Partial<Record<LabParameterId, LabValue>>
}

export function labSampleOf(given: z.output<typeof labSample>): LabSample {
  const { id, section, day: sampled, cmaNumber, weather, values } = given
  const byItem: Partial<Record<LabParameterId, LabValue>> = {}
  for (const { item, value, detectionLimit } of values) {
    byItem[item] =
      value === 'below' || (detectionLimit !== null && value < detectionLimit)
        ? { value: detectionLimit ?? 0, belowLimit: true }
        : { value, belowLimit: false }
  }
  return { id, section, day: sampled, isAccredited: cmaNumber !== null, weather, values: byItem }
}

/**
 * Samples of one section and day with no item in common as one: the bottles of one sampling, which
 * laboratories number one by one. Two values of an item stay samples of their own.
 */
export function asSamplings(samples: readonly LabSample[]): readonly LabSample[] {
  const groups = new Map<string, LabSample[]>()
  for (const one of samples) {
    const key = JSON.stringify([one.section, one.day])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const items = group.flatMap(({ values }) => Object.keys(values))
    const [first] = group
    if (first === undefined || new Set(items).size < items.length) return group
    const values = group.reduce<LabSample['values']>((all, one) => ({ ...all, ...one.values }), {})
    return [{ ...first, id: group.map(({ id }) => id).join(' '), values }]
  })
}

/**
 * The outcome by accredited samples alone. What passes by them and would fail with the others is
 * NOT_EVALUATED: a test without accreditation proves nothing, and must not be hidden either.
 */
export function accreditedOutcome(
  samples: readonly LabSample[],
  judge: (samples: readonly LabSample[]) => readonly JudgedSubject[],
): Omit<FormulaOutcome, 'unverified'> {
  const setAside = samples.filter(({ isAccredited }) => !isAccredited).map(({ id }) => id)
  const subjects = judge(samples.filter(({ isAccredited }) => isAccredited))
  const whole = judgedWhole(subjects)
  const steps = { subjects, withoutAccreditation: setAside }
  if (setAside.length === 0) return { ...whole, steps }
  const ids = setAside.join(', ')
  if (whole.verdict === 'NOT_EVALUATED') {
    const reason = text(
      `${whole.reason.zh}；无 CMA 编号、不作判定的样品：${ids}`,
      `${whole.reason.en}; samples without a CMA number decide nothing: ${ids}`,
    )
    return { ...whole, reason, steps }
  }
  const withAll = whole.verdict === 'FAIL' ? whole : judgedWhole(judge(samples))
  if (whole.verdict === 'FAIL' || withAll.verdict !== 'FAIL') return { ...whole, steps }
  const reason = text(
    `有资质的样品符合要求，但无 CMA 编号的样品（${ids}）与之相反：${withAll.reason.zh}`,
    `accredited samples meet the requirement, but those without a CMA number (${ids}) speak against it: ${withAll.reason.en}`,
  )
  return { value: whole.value, verdict: 'NOT_EVALUATED', reason, steps }
}
