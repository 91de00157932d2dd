import { z } from 'zod'
import type { Program } from '../setup/program.js'
import type { Acked } from './acked-publisher.js'
import { BASE_MS, isGarbage, numberedMessage } from './numbered-messages.js'

export interface Reckoning {
  /** Acknowledged publishes, good and bad. */
  readonly acked: number
  /** Acknowledged and neither stored nor refused. */
  readonly lost: number
  /** Stored more than once. */
  readonly double: number
  readonly refused: number
  /** Observations that the books call inserted. */
  readonly inserted: number
  /** Sum of the absolute differences of all books. */
  readonly ledgerDifference: number
}

/** Whose API is asked: one process, or one that sums several. */
type Asked = Pick<Program, 'api' | 'json'>

/**
 * Compares what devices saw acknowledged with what is stored or listed as refused, once everything
 * is projected. An external broker hands its queue on after the last restart: what it still holds is
 * not lost yet, so it is waited for.
 *
 * @param publishers of numbered messages of sensors `<device>.level`
 */
export async function reckoned(program: Asked, publishers: readonly Acked[]): Promise<Reckoning> {
  const giveUpMs = performance.now() + 60_000
  for (;;) {
    await projected(program)
    const result = await compare(program, publishers)
    if (result.lost === 0 || performance.now() > giveUpMs) return result
  }
}

const ledgerSchema = z.object({
  missing: z.array(z.object({ who: z.string() })),
  items: z.array(z.object({ messageDifference: z.number(), observationDifference: z.number() })),
  totals: z.object({ inFlight: z.number(), received: z.number(), inserted: z.number() }),
})

/** The ledger counts by arrival. */
function lastDay(): string {
  return `from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`
}

const WHOLE = `from=0&to=${Date.UTC(2100, 0, 1)}`

/** Waits until the projection has caught up with the journal. */
async function projected(program: Asked): Promise<void> {
  const giveUpMs = performance.now() + 120_000
  while (performance.now() < giveUpMs) {
    const { totals, missing } = ledgerSchema.parse(await program.json(`/ledger?${lastDay()}`))
    if (totals.inFlight === 0 && missing.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the projection did not catch up within 120 s')
}

async function compare(program: Asked, publishers: readonly Acked[]): Promise<Reckoning> {
  const garbage = await refusedPayloads(program)
  let acked = 0
  let lost = 0
  let double = 0
  for (const publisher of publishers) {
    const stored = await storedNumbers(program, publisher.device)
    for (const number of publisher.numbers) {
      acked++
      const kept = isGarbage(number)
        ? garbage.has(numberedMessage(publisher.device, number))
        : stored.get(number) !== undefined
      if (!kept) lost++
    }
    for (const times of stored.values()) if (times > 1) double++
  }
  const ledger = ledgerSchema.parse(await program.json(`/ledger?${lastDay()}`))
  const ledgerDifference = ledger.items.reduce(
    (sum, row) => sum + Math.abs(row.messageDifference) + Math.abs(row.observationDifference),
    0,
  )
  return {
    acked,
    lost,
    double,
    refused: garbage.size,
    inserted: ledger.totals.inserted,
    ledgerDifference,
  }
}

async function storedNumbers(program: Asked, device: string): Promise<Map<number, number>> {
  const answer = await program.api(`/series/${device}.level/observations?${WHOLE}&format=csv`)
  if (!answer.ok) throw new Error(`observations of ${device}: ${answer.status}`)
  const [header, ...lines] = (await answer.text()).trim().split(/\r?\n/)
  const at = (header ?? '')
    .replace(/^\uFEFF/, '')
    .split(',')
    .indexOf('at_ms')
  if (at < 0) throw new Error(`no column at_ms in ${header}`)
  const numbers = new Map<number, number>()
  for (const line of lines) {
    const number = (Number(line.split(',')[at]) - BASE_MS) / 1000
    numbers.set(number, (numbers.get(number) ?? 0) + 1)
  }
  return numbers
}

const refusalsSchema = z.object({
  items: z.array(z.object({ payloadBase64: z.string() })),
  next: z.string().nullable(),
})

async function refusedPayloads(program: Asked): Promise<Set<string>> {
  const payloads = new Set<string>()
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = refusalsSchema.parse(await program.json(`/refusals?limit=200${query}`))
    for (const { payloadBase64 } of page.items) {
      payloads.add(Buffer.from(payloadBase64, 'base64').toString())
    }
    cursor = page.next
  } while (cursor !== null)
  return payloads
}
