import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { freePort } from '../setup/free-port.js'
import { startInfluxd } from '../setup/influxd.js'
import { startMosquitto } from '../setup/mosquitto.js'
import { startProgram, type Program } from '../setup/program.js'
import { randomFrom } from '../setup/random.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { type Acked, startAckedPublisher } from './acked-publisher.js'
import { BASE_MS, isGarbage, numberedMessage } from './numbered-messages.js'

export interface KillTrialOptions {
  readonly kills: number
  readonly store: 'duckdb' | 'influx'
  /** Who acknowledges the devices: the service itself, or a Mosquitto that hands on to it. */
  readonly broker: 'embedded' | 'external'
  /** Decides when the kills come. */
  readonly seed: number
  readonly onKill?: (kill: number, acked: number) => void
}

export interface KillTrialResult {
  readonly kills: number
  /** Acknowledged publishes, good and bad. */
  readonly acked: number
  /** Acknowledged and neither stored nor refused. */
  readonly lost: number
  /** Stored more than once. */
  readonly double: number
  readonly refused: number
  /** Sum of the absolute differences of all books. */
  readonly ledgerDifference: number
}

const DEVICES = ['W-1', 'W-2', 'W-3', 'W-4'] as const
/** Mosquitto acknowledges faster than one service takes; devices that wait a little keep its queue short. */
const EXTERNAL_PAUSE_MS = 60
/** What the promise needs of Mosquitto. */
const MOSQUITTO = ['max_queued_messages 0', 'max_queued_bytes 0']

/**
 * Publishes from four devices, each of which writes every PUBACK to a file of its own, kills the service with SIGKILL at random moments with
 * publishes in flight, starts it again on the same folder, and at last compares what the devices
 * saw acknowledged with what the service has stored or lists as refused.
 */
export async function killTrial(options: KillTrialOptions): Promise<KillTrialResult> {
  const folder = await temporaryFolder('kill-trial')
  const influxd = options.store === 'influx' ? await startInfluxd() : null
  const city = join(folder.path, 'city.yaml')
  await writeFile(city, registry())
  const mosquitto =
    options.broker === 'external' ? await startMosquitto({ settings: MOSQUITTO }) : null
  const mqttPort = await freePort()
  const args = [
    ...['--data', join(folder.path, 'data'), '--city', city, '--log-level', 'error'],
    ...['--http-port', '0', '--mqtt-port', String(mqttPort), '--ws-port', '0'],
    ...(mosquitto === null ? [] : ['--broker', 'external', '--broker-url', mosquitto.url]),
    ...(influxd === null ? [] : ['--store', 'influx', '--influx-url', influxd.url]),
  ]
  let program = await startProgram(args)
  const publishers = await Promise.all(
    DEVICES.map(async (device) =>
      startAckedPublisher({
        url: program.mqtt,
        device,
        secret: await program.secretOf(device),
        topic: `rl/v1/small/${device}/up`,
        message: (number) => numberedMessage(device, number),
        pauseMs: mosquitto === null ? 0 : EXTERNAL_PAUSE_MS,
        log: join(folder.path, `${device}.acked`),
      }),
    ),
  )
  try {
    const random = randomFrom(options.seed)
    let kills = 0
    while (kills < options.kills) {
      const waitMs = 200 + random() * 2800
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      const inFlight = publishers.reduce((sum, publisher) => sum + publisher.inFlight(), 0)
      const fresh = publishers.some((publisher) => publisher.ackedSince() > 0)
      // A kill with nothing under way proves nothing.
      if (inFlight === 0 || !fresh) continue
      await program.process.kill()
      kills++
      program = await startProgram(args)
      options.onKill?.(
        kills,
        publishers.reduce((sum, publisher) => sum + publisher.acked(), 0),
      )
    }
    const acked = await Promise.all(publishers.map((publisher) => publisher.stop()))
    return { kills, ...(await settled(program, acked)) }
  } finally {
    await program.process.stop()
    await mosquitto?.stop()
    await influxd?.stop()
    await folder.remove()
  }
}

function registry(): string {
  return smallCity({
    sensors: DEVICES.map((device) => ({
      device,
      field: 'level',
      quantity: 'level',
      unit: 'm',
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 60 }',
    })),
  })
}

const ledgerSchema = z.object({
  items: z.array(z.object({ messageDifference: z.number(), observationDifference: z.number() })),
  totals: z.object({ inFlight: z.number(), received: z.number() }),
})

/** The ledger counts by arrival. */
function lastDay(): string {
  return `from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`
}

const WHOLE = `from=0&to=${Date.UTC(2100, 0, 1)}`

/** Waits until the projection has caught up with the journal. */
async function projected(program: Program): Promise<void> {
  const giveUpMs = performance.now() + 120_000
  while (performance.now() < giveUpMs) {
    const { totals } = ledgerSchema.parse(await program.json(`/ledger?${lastDay()}`))
    if (totals.inFlight === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the projection did not catch up within 120 s')
}

/** An external broker hands its queue on after the last restart: what it still holds is not lost yet. */
async function settled(
  program: Program,
  publishers: readonly Acked[],
): Promise<Omit<KillTrialResult, 'kills'>> {
  const giveUpMs = performance.now() + 60_000
  for (;;) {
    await projected(program)
    const result = await compare(program, publishers)
    if (result.lost === 0 || performance.now() > giveUpMs) return result
  }
}

async function compare(
  program: Program,
  publishers: readonly Acked[],
): Promise<Omit<KillTrialResult, 'kills'>> {
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
  return { acked, lost, double, refused: garbage.size, ledgerDifference }
}

async function storedNumbers(program: Program, device: string): Promise<Map<number, number>> {
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

async function refusedPayloads(program: Program): Promise<Set<string>> {
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
