import { assessmentKey, assessmentVersions } from '../domain/scheme/kept-assessment.js'
import type { Journal } from '../ports/journal.js'
import type { KeptAssessments } from '../ports/kept-assessments.js'
import type { Ledger } from '../ports/ledger.js'
import { aboutOf, encodeAssessment } from './assessment-entry.js'
import { inTurn } from './in-turn.js'
import type { ServerClock } from './server-clock.js'

/**
 * Journals assessments that are to stay.
 *
 * @param reached resolves when the projection stands at an entry: only then is it known what is newest
 */
export function openKeptAssessments(
  journal: Journal,
  ledger: Ledger,
  clock: ServerClock,
  reached: (seq: number) => Promise<void>,
): KeptAssessments {
  // One after the other, so that two that are the same are not both new.
  const turn = inTurn()
  return {
    keep: (sealed, { person, reason }) =>
      turn(async () => {
        const about = aboutOf(sealed)
        const newest = assessmentVersions(await ledger.assessments()).find(
          (version) => assessmentKey(version) === assessmentKey(about),
        )
        if (newest?.sha256 === sealed.sha256) return { id: newest.id, isNew: false }
        const id = await journal.append({
          kind: 'assessment',
          ...clock.arrival(),
          device: '',
          client: person,
          topic: reason,
          qos: 1,
          retain: false,
          dup: false,
          payload: encodeAssessment(sealed),
        })
        await reached(id)
        return { id, isNew: true }
      }),
  }
}
