import { z } from 'zod'
import { eachIdOnce } from './figure-formula.js'
import { labSample, labSampleOf, type LabSample } from './lab-samples.js'

const id = z.string().trim().min(1)

const point = z.strictObject({
  section: id,
  depthCm: z.number().positive().nullable().default(null),
})

/**
 * A water body with its sampling points in order along the water. One form for every sheet, so that one
 * survey serves them all; a sheet reads of it what it asks.
 */
export const waterBody = z.strictObject({
  id,
  kind: z.enum(['river', 'lake']),
  points: z.array(point).min(1),
  inflow: z
    .union([z.literal('none'), z.strictObject({ upstream: id, downstream: id })])
    .nullable()
    .default(null)
    .meta({ description: 'sections of a body with inflow from upstream; none: without any' }),
})

export type WaterBody = z.output<typeof waterBody>

/** The first of the twelve months that are judged. */
export const fromMonth = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'YYYY-MM, the first of twelve months')

interface Survey {
  readonly bodies: readonly WaterBody[]
  readonly samples: readonly { readonly id: string; readonly section: string }[]
  readonly fromMonth: string
  readonly builtFrom?: string
}

/** What contradicts itself in a survey, for `superRefine`. */
export function surveyFaults(survey: Survey, context: z.RefinementCtx): void {
  const fault = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  const sections = new Set<string>()
  for (const [i, { points, inflow }] of survey.bodies.entries()) {
    const own = new Set<string>()
    for (const [k, { section }] of points.entries()) {
      if (own.has(section))
        fault(['bodies', i, 'points', k, 'section'], `${section} is there twice`)
      own.add(section)
      sections.add(section)
    }
    if (inflow === null || inflow === 'none') continue
    if (inflow.upstream === inflow.downstream) {
      const message = `${inflow.downstream} is upstream as well; name the section of the inflow`
      fault(['bodies', i, 'inflow', 'downstream'], message)
    }
    sections.add(inflow.upstream)
    sections.add(inflow.downstream)
  }
  for (const [i, sample] of survey.samples.entries()) {
    if (!sections.has(sample.section)) {
      const known = [...sections].join(', ')
      fault(['samples', i, 'section'], `${sample.section} is none of the sections: ${known}`)
    }
  }
  const { builtFrom } = survey
  if (builtFrom !== undefined && `${survey.fromMonth}-01` <= builtFrom) {
    fault(['fromMonth'], `${survey.fromMonth} is not after the construction began, ${builtFrom}`)
  }
}

/** The twelve months from one on, YYYY-MM. */
export function twelveMonths(first: string): readonly string[] {
  const [year = 0, month = 1] = first.split('-').map(Number)
  return Array.from({ length: 12 }, (_, i) => {
    const at = month - 1 + i
    return `${year + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
  })
}

export function monthOf({ day }: LabSample): string {
  return day.slice(0, 7)
}

export const labSamples = z.array(labSample).superRefine(eachIdOnce)

export function labSamplesOf(given: z.output<typeof labSamples>): readonly LabSample[] {
  return given.map(labSampleOf)
}

/** Samples that are neither of the months judged nor of the time before construction. */
export function idleSamples(
  samples: readonly LabSample[],
  months: readonly string[],
  builtFrom: string | null,
): readonly string[] {
  const idle = samples.filter(
    (one) => !months.includes(monthOf(one)) && !(builtFrom !== null && one.day < builtFrom),
  )
  return idle.map(({ id: sample }) => sample)
}
