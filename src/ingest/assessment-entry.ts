import { z } from 'zod'
import { verdictSchema } from '../domain/indicators/result.js'
import type { SealedAssessment } from '../domain/scheme/assessment.js'
import type { KeptAssessment } from '../domain/scheme/kept-assessment.js'
import type { JournalEntry } from '../ports/journal.js'
import type { KeptDocument } from '../ports/series-store.js'

/** What a list needs, so that documents of any release can be listed. */
const listedSchema = z.object({
  sha256: z.string(),
  assessment: z.object({
    scheme: z.object({ id: z.string(), edition: z.string() }),
    window: z.object({ fromMs: z.int(), toMs: z.int() }),
    overall: z.object({ verdict: verdictSchema }),
    score: z.object({ score: z.number().nullable() }).nullable(),
  }),
})

/** Payload of a journal entry of kind `assessment`; the entry's client is the person, its topic the reason. */
export function encodeAssessment(sealed: SealedAssessment): Uint8Array {
  return Buffer.from(JSON.stringify(sealed))
}

/** The document stays as it was sealed, whatever this release would make of it. */
export function keptDocumentOf({
  seq,
  arrivalMs,
  client,
  topic,
  payload,
}: JournalEntry): KeptDocument {
  const document = Buffer.from(payload).toString('utf8')
  return {
    kept: {
      ...{ id: seq, keptMs: arrivalMs, person: client, reason: topic },
      ...aboutOf(listedSchema.parse(JSON.parse(document))),
    },
    document,
  }
}

/** What a list says of an assessment. */
export function aboutOf({
  sha256,
  assessment,
}: z.output<typeof listedSchema>): Omit<KeptAssessment, 'id' | 'keptMs' | 'person' | 'reason'> {
  const { scheme, window, overall, score } = assessment
  return {
    sha256,
    scheme: scheme.id,
    edition: scheme.edition,
    fromMs: window.fromMs,
    toMs: window.toMs,
    verdict: overall.verdict,
    score: score?.score ?? null,
  }
}
