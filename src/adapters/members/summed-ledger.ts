import { TransientFault, type RefusalCode } from '../../domain/fault.js'
import { currentLabResults } from '../../domain/laboratory/lab-result.js'
import { assessmentVersions } from '../../domain/scheme/kept-assessment.js'
import type { RefusalPageQuery, ShownLedger, ShownRefusal } from '../../ports/shown-ledger.js'
import {
  assessmentsAnswer,
  devicesAnswer,
  labResultsAnswer,
  marksAnswer,
  refusalsAnswer,
} from './answers.js'
import type { AskMembers } from './ask-members.js'

/**
 * The ledgers of all members as one. Refusals are merged by arrival, newest first; the cursor
 * holds the place in each member's list, in the order of their numbers, because their ids have
 * nothing to do with each other. A refusal is named by its own id and its member's number in one.
 */
export function summedLedger(ask: AskMembers): ShownLedger {
  /** The bytes that the member answers whose id is joined in the number. */
  async function ofOneMember(
    joined: number,
    path: (id: number) => string,
  ): Promise<Uint8Array | null> {
    const { answers, missing } = await ask(async ({ number, of, http }) => {
      const own = joined - (number - 1)
      const isOwn = own >= 0 && own % of === 0
      return isOwn ? await http.bytes(path(own / of)) : null
    })
    const found = answers.find(({ answer }) => answer !== null)?.answer ?? null
    if (found === null && missing.length > 0) {
      throw new TransientFault(missing.map(({ detail }) => detail).join('; '))
    }
    return found
  }

  return {
    async refusals(query) {
      const cursors = readCursor(query.cursor)
      if (cursors === null) return null
      const { answers, of, missing } = await ask(async ({ number, http }) => {
        const cursor = cursors[number - 1] ?? ''
        return await http.json(`/refusals?${pageQuery(query, cursor)}`, refusalsAnswer)
      })
      const merged = answers
        .flatMap(({ member, answer }) =>
          answer.items.map((item) => ({ number: member.number, item })),
        )
        .sort(
          (a, b) =>
            b.item.arrivalMs - a.item.arrivalMs || a.number - b.number || b.item.id - a.item.id,
        )
      const page = merged.slice(0, query.limit)
      const next = Array.from({ length: of }, (_, index) => cursors[index] ?? '')
      for (const { number, item } of page) next[number - 1] = String(item.id)
      const hasMore =
        merged.length > page.length || answers.some(({ answer }) => answer.next !== null)
      return {
        items: page.map(({ number, item }): ShownRefusal => {
          const { payloadBase64, ...row } = item
          const shown = Buffer.from(payloadBase64, 'base64')
          return { ...row, id: joinedId(item.id, number, of), shown }
        }),
        next: hasMore ? next.join('-') : null,
        counts: summedCounts(answers.map(({ answer }) => answer.counts)),
        missing,
      }
    },

    refusedPayload: (joined) => ofOneMember(joined, (id) => `/refusals/${id}/payload`),

    async devices() {
      const { answers } = await ask(({ http }) => http.json('/devices', devicesAnswer))
      const listed = answers.flatMap(({ answer }) => answer.items)
      const known = new Set(listed.map(({ id }) => id))
      const states = listed.flatMap(({ id, connection, lastArrivalMs, missing, ...more }) => {
        if (lastArrivalMs === null) return []
        const sequence = missing === null ? null : { ...missing, missing: missing.messages }
        return [{ ...more, device: id, state: connection, lastArrivalMs, sequence }]
      })
      return { states, isUnknown: (device) => !known.has(device) }
    },

    async marks(series) {
      const query = series === undefined ? '' : `?${new URLSearchParams({ series }).toString()}`
      const { answers, missing } = await ask(({ http }) => http.json(`/marks${query}`, marksAnswer))
      const items = answers.flatMap(({ answer }) => answer.items)
      return { items: items.toSorted((a, b) => a.markedMs - b.markedMs), missing }
    },

    async assessments() {
      const { answers, of, missing } = await ask(({ http }) =>
        http.json('/assessments/kept', assessmentsAnswer),
      )
      const kept = answers.flatMap(({ member, answer }) =>
        answer.items.map((item) => ({ ...item, id: joinedId(item.id, member.number, of) })),
      )
      return { items: assessmentVersions(kept), missing }
    },

    async assessmentDocument(joined) {
      const bytes = await ofOneMember(joined, (id) => `/assessments/kept/${id}`)
      return bytes === null ? null : Buffer.from(bytes).toString('utf8')
    },

    async labResults({ fromMs, toMs }) {
      const query = new URLSearchParams({ from: String(fromMs), to: String(toMs) }).toString()
      const { answers, missing } = await ask(({ http }) =>
        http.json(`/laboratory-results?${query}`, labResultsAnswer),
      )
      const items = answers.flatMap(({ answer }) => answer.items)
      return { items: currentLabResults(items), missing }
    },
  }
}

function joinedId(id: number, number: number, of: number): number {
  return id * of + (number - 1)
}

/** A place per member, empty before its first; null for what is no such cursor. */
function readCursor(cursor: string | undefined): readonly string[] | null {
  if (cursor === undefined) return []
  return /^\d{0,15}(-\d{0,15})*$/.test(cursor) ? cursor.split('-') : null
}

function pageQuery({ limit, code, device }: RefusalPageQuery, cursor: string): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (cursor !== '') query.set('cursor', cursor)
  if (code !== undefined) query.set('code', code)
  if (device !== undefined) query.set('device', device)
  return query.toString()
}

function summedCounts(
  counts: readonly Readonly<Partial<Record<RefusalCode, number>>>[],
): ReadonlyMap<RefusalCode, number> {
  const sums = new Map<RefusalCode, number>()
  for (const [code, count] of counts.flatMap((one) => Object.entries(one))) {
    const known = code as RefusalCode
    sums.set(known, (sums.get(known) ?? 0) + count)
  }
  return sums
}
