import { z } from 'zod'
import { DAY_MS, HOUR_MS, hourStartMs } from '../../domain/time.js'
import type { BooksRow } from '../../ports/books.js'
import type { Api, ApiParts } from '../parts.js'
import { invalid, problemResponses } from '../problem.js'
import { ledgerSchema, type BooksTotals } from '../schemas/books.js'
import { boundedWindowOf, windowQuery } from '../window.js'

const MOST_DAYS = 366
const MOST_ROWS = 50_000

/** The books: everything received is accounted for, per device and hour of arrival. */
export function booksRoutes(api: Api, { books, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/ledger',
    config: { role: 'reader' },
    schema: {
      tags: ['books'],
      summary: 'The books per device and hour of arrival, and whether they close',
      description:
        'Messages: received = projected + refused + inFlight. Observations: decoded = inserted + duplicate + revised + observationsRefused. Hours are UTC and belong to the window they start in.',
      querystring: z.strictObject({
        ...windowQuery,
        device: z.string().optional().meta({ description: 'id of a device; absent: all' }),
      }),
      response: { 200: ledgerSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const window = boundedWindowOf(query, MOST_DAYS * DAY_MS, endOfHourMs(clock.nowMs()))
      const { rows, missing } = await books.rows(window, query.device)
      if (rows.length > MOST_ROWS) {
        const rule = `a shorter window or one device: this one has ${rows.length} rows, at most ${MOST_ROWS} are served`
        throw invalid('from', window.fromMs, rule)
      }
      return {
        items: [...rows],
        totals: totals(rows),
        closes: missing.length === 0 && rows.every(closes),
        missing: [...missing],
      }
    },
  })
}

/** The running hour belongs to the last 24. */
function endOfHourMs(nowMs: number): number {
  return hourStartMs(nowMs) + HOUR_MS
}

function closes(row: BooksRow): boolean {
  return row.messageDifference === 0 && row.observationDifference === 0
}

function totals(rows: readonly BooksRow[]): BooksTotals {
  const sum: BooksTotals = {
    received: 0,
    projected: 0,
    refused: 0,
    inFlight: 0,
    decoded: 0,
    inserted: 0,
    duplicate: 0,
    revised: 0,
    observationsRefused: 0,
    messageDifference: 0,
    observationDifference: 0,
  }
  const columns = Object.keys(sum) as (keyof BooksTotals)[]
  for (const row of rows) {
    for (const column of columns) {
      // A message too few here does not make up for one too many there.
      const isDifference = column === 'messageDifference' || column === 'observationDifference'
      sum[column] += isDifference ? Math.abs(row[column]) : row[column]
    }
  }
  return sum
}
