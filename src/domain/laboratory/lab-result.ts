import { z } from 'zod'
import { conversionBetween } from '../units.js'
import type { LabValue } from '../water-quality/lab-value.js'
import { LAB_PARAMETERS, labParameter } from './lab-parameters.js'

const word = z.string().trim().min(1).max(200)
const concentration = z.number().gt(-1e9).lt(1e9)

/** When a sample was taken, as rules that judge dry and wet weather apart ask. */
export const LAB_WEATHER = ['dry', 'after-rain', 'other'] as const

/**
 * One result of a laboratory, as its report gives it. A value below the detection limit is not a
 * number: `value` is null and the limit says below what it lies.
 */
export const labResultSchema = z
  .strictObject({
    sample: word.meta({ description: 'number of the sample in the report' }),
    section: word.meta({ description: 'where it was taken: section, outfall, well, facility' }),
    sampledMs: z.int().meta({ description: 'when it was taken, UTC epoch ms' }),
    parameter: word.meta({ description: 'id of a parameter that indicators use, or a name' }),
    value: concentration.nullable().meta({ description: 'null: below the detection limit' }),
    unit: z.string().trim().min(1).max(40).meta({ description: 'UCUM code' }),
    detectionLimit: z.number().positive().lt(1e9).nullable(),
    weather: z.enum(LAB_WEATHER).nullable().meta({
      description:
        'dry: after 48 h without rain; after-rain: within a day of moderate rain or more; null: not said',
    }),
    laboratory: word,
    cma: word.nullable().meta({
      description: 'number of its accreditation (CMA); null: not accredited for it',
    }),
    reportSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
      .nullable()
      .meta({ description: 'SHA-256 of the report’s file' }),
  })
  .superRefine((result, context) => {
    for (const { path, message } of contradictions(result)) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
  })
  .meta({ id: 'LabResult' })

export type LabResult = z.output<typeof labResultSchema>

/** A result that comes in now: beside the rest it is checked for what journals may hold from before. */
export const incomingLabResultSchema = labResultSchema
  .superRefine(({ parameter, value }, context) => {
    const known = labParameter(parameter)
    if (known === null || known === 'redoxPotential' || value === null || value >= 0) return
    const message = `${value} is negative; ${known} is at least 0`
    context.addIssue({ code: 'custom', path: ['value'], message })
  })
  .meta({ id: 'IncomingLabResult' })

/** A result with the entry that brought it. */
export const importedLabResultSchema = labResultSchema
  .safeExtend({
    seq: z.int().meta({ description: 'the journal entry' }),
    fileSha256: z.string(),
    fileName: z.string(),
    revision: z.int().nonnegative().meta({
      description: 'decides between files that give a sample’s parameter differently: the higher',
    }),
    person: z.string().meta({ description: 'who imported it' }),
  })
  .meta({ id: 'ImportedLabResult' })

export type ImportedLabResult = z.output<typeof importedLabResultSchema>

type Written = Pick<LabResult, 'parameter' | 'value' | 'unit' | 'detectionLimit'>

/** What cannot be so, under the field it stands in. */
function contradictions({ parameter, value, unit, detectionLimit }: Written): readonly {
  readonly path: keyof Written
  readonly message: string
}[] {
  const found: { path: keyof Written; message: string }[] = []
  const known = labParameter(parameter)
  if (known !== null && known !== parameter) {
    found.push({ path: 'parameter', message: `"${parameter}" is written ${known}` })
  }
  if (value === null && detectionLimit === null) {
    found.push({
      path: 'detectionLimit',
      message: 'a value below the detection limit says nothing without the limit',
    })
  }
  if (known !== null && conversionBetween(unit, LAB_PARAMETERS[known].unit) === null) {
    const message = `"${unit}" cannot be converted to ${LAB_PARAMETERS[known].unit}, the unit of ${known}`
    found.push({ path: 'unit', message })
  }
  return found
}

/**
 * The result as rules take it, in the unit of its parameter.
 *
 * @returns null for a parameter that no indicator uses
 */
export function labValue({ parameter, value, unit, detectionLimit }: Written): LabValue | null {
  const known = labParameter(parameter)
  if (known === null) return null
  const factors = conversionBetween(unit, LAB_PARAMETERS[known].unit)
  const given = value ?? detectionLimit
  if (factors === null || given === null) return null
  return { value: given * factors.gain + factors.offset, belowLimit: value === null }
}

/**
 * Of each sample's parameters the result that counts, whatever order they came in: that of the
 * highest revision, and of several the one whose words stand last. A number at another time is another
 * sample, for laboratories number anew in every report. Ascending by section, time, sample and parameter.
 */
export function currentLabResults<Result extends LabResult & { readonly revision: number }>(
  results: readonly Result[],
): readonly Result[] {
  const current = new Map<string, Result>()
  for (const result of results) {
    const { sample, section, sampledMs, parameter } = result
    const key = JSON.stringify([sample, section, sampledMs, parameter])
    const known = current.get(key)
    if (known === undefined || supersedes(result, known)) current.set(key, result)
  }
  return [...current.values()].sort(
    (a, b) =>
      compared(a.section, b.section) ||
      a.sampledMs - b.sampledMs ||
      compared(a.sample, b.sample) ||
      compared(a.parameter, b.parameter),
  )
}

function supersedes(
  a: LabResult & { readonly revision: number },
  b: LabResult & { readonly revision: number },
): boolean {
  if (a.revision !== b.revision) return a.revision > b.revision
  return wordsOf(a) > wordsOf(b)
}

function wordsOf(result: LabResult): string {
  const { sampledMs, value, unit, detectionLimit, weather, laboratory, cma, reportSha256 } = result
  const words = [sampledMs, value, unit, detectionLimit, weather, laboratory, cma, reportSha256]
  return JSON.stringify(words)
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
