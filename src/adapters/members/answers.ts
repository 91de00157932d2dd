import { z } from 'zod'
import { importedLabResultSchema } from '../../domain/laboratory/lab-result.js'
import { keptAssessmentSchema } from '../../domain/scheme/kept-assessment.js'
import { MARK_FLAGS } from '../../domain/qc/mark.js'
import { REFUSAL_CODES, type RefusalCode } from '../../domain/fault.js'

/** What is read of the members' HTTP API; what is not read may be there as well. */

export const memberAnswer = z.object({
  member: z.object({ number: z.int(), of: z.int() }).nullable(),
  standby: z.boolean(),
  registrySha256: z.string().nullable(),
})

export type MemberAnswer = z.output<typeof memberAnswer>

export const sourceAnswer = z.object({
  registry: z.object({
    seq: z.int(),
    appliedMs: z.int(),
    person: z.string(),
    reason: z.string(),
  }),
  text: z.string(),
})

export const ledgerAnswer = z.object({
  items: z.array(
    z.object({
      device: z.string(),
      hourMs: z.int(),
      received: z.int(),
      projected: z.int(),
      refused: z.int(),
      inFlight: z.int(),
      decoded: z.int(),
      inserted: z.int(),
      duplicate: z.int(),
      revised: z.int(),
      observationsRefused: z.int(),
      messageDifference: z.int(),
      observationDifference: z.int(),
    }),
  ),
})

const refusalCode = z.enum(Object.keys(REFUSAL_CODES) as [RefusalCode, ...RefusalCode[]])

export const refusalsAnswer = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      seq: z.int(),
      index: z.int().nullable(),
      device: z.string(),
      topic: z.string(),
      arrivalMs: z.int(),
      code: refusalCode,
      reason: z.string(),
      payloadBytes: z.int(),
      payloadBase64: z.base64(),
    }),
  ),
  next: z.string().nullable(),
  counts: z.partialRecord(refusalCode, z.int()),
})

export const devicesAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      connection: z.enum(['online', 'offline']).nullable(),
      lastArrivalMs: z.int().nullable(),
      lastAtMs: z.int().nullable(),
      clockOffsetMs: z.int().nullable(),
      messages: z.int(),
      missing: z
        .object({
          messages: z.int(),
          restarts: z.int(),
          gaps: z.array(
            z.object({
              afterNumber: z.int(),
              beforeNumber: z.int(),
              missing: z.int(),
              dayMs: z.int(),
            }),
          ),
        })
        .nullable(),
    }),
  ),
})

export const assessmentsAnswer = z.object({ items: z.array(z.object(keptAssessmentSchema.shape)) })

export const labResultsAnswer = z.object({ items: z.array(importedLabResultSchema) })

export const marksAnswer = z.object({
  items: z.array(
    z.object({
      seq: z.int(),
      series: z.string(),
      fromMs: z.int(),
      toMs: z.int(),
      flag: z.literal(MARK_FLAGS).nullable(),
      markedMs: z.int(),
      person: z.string(),
      reason: z.string(),
    }),
  ),
})
