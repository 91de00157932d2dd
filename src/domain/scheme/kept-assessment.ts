import { z } from 'zod'
import { verdictSchema } from '../indicators/result.js'

/** A kept assessment without its document. */
export const keptAssessmentSchema = z
  .strictObject({
    id: z.int().nonnegative().meta({ description: 'of the list; names it in other questions' }),
    sha256: z.string().meta({ description: 'of the document' }),
    keptMs: z.int().meta({ description: 'when it was kept, UTC epoch ms' }),
    person: z.string().meta({ description: 'who kept it' }),
    reason: z.string().meta({ description: 'why' }),
    scheme: z.string(),
    edition: z.string(),
    fromMs: z.int(),
    toMs: z.int(),
    verdict: verdictSchema,
    score: z.number().nullable(),
  })
  .meta({ id: 'KeptAssessment' })

export type KeptAssessment = z.output<typeof keptAssessmentSchema>

/** A kept assessment with its place among those of the same scheme and window. */
export interface AssessmentVersion extends KeptAssessment {
  /** 1 for the first. */
  readonly version: number
  /** Id of the version before; null for the first. */
  readonly previous: number | null
}

/** Numbers the versions of each scheme and window in the order of keeping; answers newest first. */
export function assessmentVersions(kept: readonly KeptAssessment[]): readonly AssessmentVersion[] {
  const newest = new Map<string, AssessmentVersion>()
  const versions = kept
    .toSorted((a, b) => a.keptMs - b.keptMs || a.id - b.id)
    .map((one) => {
      const key = assessmentKey(one)
      const before = newest.get(key)
      const version = {
        ...one,
        version: (before?.version ?? 0) + 1,
        previous: before?.id ?? null,
      }
      newest.set(key, version)
      return version
    })
  return versions.toReversed()
}

/** What makes two assessments versions of one another: the same scheme over the same window. */
export function assessmentKey({
  scheme,
  fromMs,
  toMs,
}: Pick<KeptAssessment, 'scheme' | 'fromMs' | 'toMs'>): string {
  return `${scheme} ${fromMs} ${toMs}`
}
