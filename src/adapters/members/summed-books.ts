import type { Books, BooksRow } from '../../ports/books.js'
import { ledgerAnswer } from './answers.js'
import type { AskMembers } from './ask-members.js'

/** The books of all members as one. A device belongs to one member; rows of the same device and hour are added all the same. */
export function summedBooks(ask: AskMembers): Books {
  return {
    async rows({ fromMs, toMs }, device) {
      const query = new URLSearchParams({ from: String(fromMs), to: String(toMs) })
      if (device !== undefined) query.set('device', device)
      const { answers, missing } = await ask(({ http }) =>
        http.json(`/ledger?${query.toString()}`, ledgerAnswer),
      )
      const sums = new Map<string, BooksRow>()
      for (const row of answers.flatMap(({ answer }) => answer.items)) {
        const key = `${row.hourMs}/${row.device}`
        const before = sums.get(key)
        sums.set(key, before === undefined ? row : added(before, row))
      }
      const rows = [...sums.values()].sort(
        (a, b) => a.hourMs - b.hourMs || (a.device < b.device ? -1 : 1),
      )
      return { rows, missing }
    },
  }
}

function added(a: BooksRow, b: BooksRow): BooksRow {
  return {
    device: a.device,
    hourMs: a.hourMs,
    received: a.received + b.received,
    projected: a.projected + b.projected,
    refused: a.refused + b.refused,
    inFlight: a.inFlight + b.inFlight,
    decoded: a.decoded + b.decoded,
    inserted: a.inserted + b.inserted,
    duplicate: a.duplicate + b.duplicate,
    revised: a.revised + b.revised,
    observationsRefused: a.observationsRefused + b.observationsRefused,
    messageDifference: a.messageDifference + b.messageDifference,
    observationDifference: a.observationDifference + b.observationDifference,
  }
}
