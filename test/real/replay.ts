import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { z } from 'zod'
import { startInfluxd } from '../setup/influxd.js'
import { ANY_PORTS, startProgram, type Program } from '../setup/program.js'
import { temporaryFolder } from '../setup/temp-folder.js'

/** One reading as a logger would send it. */
export interface Reading {
  readonly device: string
  readonly field: string
  readonly unit: string
  /** UTC epoch ms. */
  readonly atMs: number
  readonly value: number
}

export type StoreKind = 'duckdb' | 'influx'

/** Readings in one SenML pack; about a day of a 15-minute logger. */
const READINGS_PER_PACK = 96
const PACKS_IN_FLIGHT = 20

/** Runs `work` with the built program on an empty data folder and the given store. */
export async function withProgram(
  store: StoreKind,
  cityText: string,
  work: (program: Program) => Promise<void>,
): Promise<void> {
  const folder = await temporaryFolder('real')
  const influxd = store === 'influx' ? await startInfluxd() : null
  try {
    const city = join(folder.path, 'city.yaml')
    await writeFile(city, cityText)
    const program = await startProgram([
      ...['--data', join(folder.path, 'data'), '--city', city, '--log-level', 'error'],
      ...ANY_PORTS,
      ...(influxd === null ? [] : ['--store', 'influx', '--influx-url', influxd.url]),
    ])
    try {
      await work(program)
    } finally {
      await program.process.stop()
    }
  } finally {
    await influxd?.stop()
    await folder.remove()
  }
}

/** Publishes readings over MQTT as SenML packs, QoS 1, and waits until all are projected. */
export async function replay(program: Program, readings: readonly Reading[]): Promise<void> {
  const byDevice = groupedByDevice(readings)
  for (const [device, ofDevice] of byDevice) {
    const answer = await program.api(`/devices/${device}/secret`, { method: 'POST' })
    const { secret } = z.object({ secret: z.string() }).parse(await answer.json())
    const client = await connectAsync(program.mqtt, {
      clientId: device,
      username: device,
      password: secret,
    })
    const topic = `rl/v1/small/${device}/up`
    const packs = packsOf(ofDevice)
    for (let at = 0; at < packs.length; at += PACKS_IN_FLIGHT) {
      const flight = packs.slice(at, at + PACKS_IN_FLIGHT)
      await Promise.all(flight.map((pack) => client.publishAsync(topic, pack, { qos: 1 })))
    }
    await client.endAsync()
  }
  await untilProjected(program)
}

function packsOf(readings: readonly Reading[]): string[] {
  const packs: string[] = []
  for (let at = 0; at < readings.length; at += READINGS_PER_PACK) {
    const records = readings
      .slice(at, at + READINGS_PER_PACK)
      .map(({ field, unit, value, atMs }) => ({ n: field, u: unit, v: value, t: atMs / 1000 }))
    packs.push(JSON.stringify(records))
  }
  return packs
}

const ledgerSchema = z.object({
  closes: z.boolean(),
  totals: z.object({
    received: z.number(),
    refused: z.number(),
    inFlight: z.number(),
    decoded: z.number(),
    inserted: z.number(),
    observationsRefused: z.number(),
  }),
})

export type LedgerTotals = z.output<typeof ledgerSchema>['totals']

/** The totals of the whole ledger once nothing is in flight; throws when the books do not close. */
export async function untilProjected(program: Program): Promise<LedgerTotals> {
  const giveUpMs = performance.now() + 120_000
  while (performance.now() < giveUpMs) {
    // The ledger counts by arrival, not by the time of the readings.
    const path = `/ledger?from=${Date.now() - 86_400_000}&to=${Date.now() + 3_600_000}`
    const { closes, totals } = ledgerSchema.parse(await program.json(path))
    if (totals.inFlight === 0 && totals.received > 0) {
      if (!closes) throw new Error(`the books do not close: ${JSON.stringify(totals)}`)
      return totals
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the projection did not catch up within 120 s')
}

export const rainEventsSchema = z.object({
  items: z.array(
    z.object({
      fromMs: z.number(),
      toMs: z.number(),
      depthMm: z.number(),
      durationMs: z.number(),
      meanIntensityMmH: z.number(),
      coverage: z.number(),
    }),
  ),
})

function groupedByDevice(readings: readonly Reading[]): Map<string, Reading[]> {
  const groups = new Map<string, Reading[]>()
  for (const reading of readings) {
    const group = groups.get(reading.device)
    if (group === undefined) groups.set(reading.device, [reading])
    else group.push(reading)
  }
  return groups
}
