import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { z } from 'zod'
import { startInfluxd } from '../setup/influxd.js'
import { untilProjected } from '../setup/ledger.js'
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
  work: (program: Program, dataFolder: string) => Promise<void>,
): Promise<void> {
  const folder = await temporaryFolder('real')
  const influxd = store === 'influx' ? await startInfluxd() : null
  try {
    const city = join(folder.path, 'city.yaml')
    await writeFile(city, cityText)
    const data = join(folder.path, 'data')
    const program = await startProgram([
      ...['--data', data, '--city', city, '--log-level', 'error'],
      ...ANY_PORTS,
      ...(influxd === null ? [] : ['--store', 'influx', '--influx-url', influxd.url]),
    ])
    try {
      await work(program, data)
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
    const secret = await program.secretOf(device)
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

export const rainEventsSchema = z.object({
  items: z.array(
    z.object({
      fromMs: z.number(),
      toMs: z.number(),
      depthMm: z.number(),
      durationMs: z.number(),
      meanIntensityMmH: z.number(),
      coverage: z.number(),
      peak60MmH: z.number().nullable(),
      peak30MmH: z.number().nullable(),
      peak5MmH: z.number().nullable(),
      antecedentDryMs: z.number().nullable(),
    }),
  ),
})

/** An indicator's result, as far as the tests on real records look at it. */
export const indicatorSchema = z.object({
  value: z.number().nullable(),
  coverage: z.object({ share: z.number() }).nullable(),
  table: z.array(z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))),
  parts: z.array(z.object({ name: z.string(), value: z.number().nullable() })),
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
