import { z } from 'zod'
import type { Program } from './program.js'

const ledgerSchema = z.object({
  closes: z.boolean(),
  totals: z.object({
    received: z.number(),
    refused: z.number(),
    inFlight: z.number(),
    decoded: z.number(),
    inserted: z.number(),
    duplicate: z.number(),
    revised: z.number(),
    observationsRefused: z.number(),
  }),
})

export type LedgerTotals = z.output<typeof ledgerSchema>['totals']

/**
 * The totals of the books of the last day, of one device or all, once something has come and nothing
 * is in flight; throws when they do not close.
 */
export async function untilProjected(program: Program, device?: string): Promise<LedgerTotals> {
  const giveUpMs = performance.now() + 120_000
  while (performance.now() < giveUpMs) {
    // The ledger counts by arrival, not by the time of the readings.
    const of = device === undefined ? '' : `&device=${device}`
    const path = `/ledger?from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}${of}`
    const { closes, totals } = ledgerSchema.parse(await program.json(path))
    if (totals.inFlight === 0 && totals.received > 0) {
      if (!closes) throw new Error(`the books do not close: ${JSON.stringify(totals)}`)
      return totals
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the projection did not catch up within 120 s')
}
