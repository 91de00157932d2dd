import { currentLabResults } from '../domain/laboratory/lab-result.js'
import { assessmentVersions } from '../domain/scheme/kept-assessment.js'
import { sequenceGaps } from '../domain/sequence-gaps.js'
import type { Ledger } from '../ports/ledger.js'
import type { ShownLedger } from '../ports/shown-ledger.js'

/** Days up to a device's newest in which missing numbers are looked for. */
const NUMBERED_DAYS = 30

/** Bytes of a message that a list shows; all of them are had by id. */
const SHOWN_BYTES = 4_096

/** This process's ledger as the API shows it; a cursor is the id of the last refusal seen. */
export function shownLedger(ledger: Ledger): ShownLedger {
  return {
    async refusals({ cursor, limit, ...filter }) {
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) return null
      const rows = await ledger.refusals({
        ...filter,
        limit: limit + 1,
        shownBytes: SHOWN_BYTES,
        ...(cursor === undefined ? {} : { beforeId: Number(cursor) }),
      })
      const items = rows.slice(0, limit).map(({ payload, ...row }) => ({
        ...row,
        shown: payload,
      }))
      const last = items.at(-1)
      return {
        items,
        next: rows.length > limit && last !== undefined ? String(last.id) : null,
        counts: await ledger.refusalCounts(),
        missing: [],
      }
    },
    refusedPayload: async (id) => (await ledger.refusal(id))?.payload ?? null,
    async devices() {
      const states = await ledger.devices()
      const numbered = await ledger.numbered(NUMBERED_DAYS)
      return {
        states: states.map((state) => {
          const days = numbered.get(state.device)
          return { ...state, sequence: days === undefined ? null : sequenceGaps(days) }
        }),
        isUnknown: () => false,
      }
    },
    async marks(series) {
      const marks = await ledger.marks()
      const items = marks.filter((mark) => series === undefined || mark.series === series)
      return { items: items.toSorted((a, b) => a.markedMs - b.markedMs), missing: [] }
    },
    async assessments() {
      return { items: assessmentVersions(await ledger.assessments()), missing: [] }
    },
    assessmentDocument: (id) => ledger.assessmentDocument(id),
    async labResults(window) {
      return { items: currentLabResults(await ledger.labResults(window)), missing: [] }
    },
  }
}
