import type { SealedAssessment } from '../domain/scheme/assessment.js'

/** The door for assessments that are to stay: each is an entry of the journal, with who and why. */
export interface KeptAssessments {
  /**
   * Resolves once the assessment is durable and can be read. The same as the newest version of its
   * scheme and window is not kept again: `isNew` is false and `id` the newest's.
   */
  keep(
    sealed: SealedAssessment,
    said: { readonly person: string; readonly reason: string },
  ): Promise<{ readonly id: number; readonly isNew: boolean }>
}
