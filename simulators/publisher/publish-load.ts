import { createHistogram } from 'node:perf_hooks'
import { deviceTopic } from '../../src/domain/city/device-topics.js'
import type { Load, LoadReport } from './load.js'
import { connectLoadClient, type LoadClient } from './load-client.js'

/** How often an open loop looks what is due. Latency counts from the due time, not from here. */
const TICK_MS = 1
/** What is in flight at the end is waited for so long, ms. */
const LAST_ACKS_WITHIN_MS = 60_000

/**
 * Publishes as the load says, from as many connections as it has clients, and waits for the last
 * acknowledgement. Rejects when a connection is refused or lost.
 */
export async function publishLoad(load: Load): Promise<LoadReport> {
  const latencyUs = createHistogram()
  const { hostname, port } = new URL(load.url)
  let acked = 0
  let lastAckMs = 0
  let over = false
  let allAcked = (): void => undefined
  const clients: LoadClient[] = []

  function isIdle(): boolean {
    return clients.every((client) => client.inFlight() === 0)
  }

  for (const [index, { device, secret }] of load.clients.entries()) {
    const client = await connectLoadClient({
      host: hostname,
      port: Number(port),
      device,
      secret,
      topic: deviceTopic(load.cityId, device, 'up'),
      qos: load.qos,
      payload: (n) => senmlText(load, device, n),
      onAcked(latencyMs) {
        acked++
        latencyUs.record(Math.max(1, Math.round(latencyMs * 1000)))
      },
      onRoom() {
        lastAckMs = Date.now()
        if (!over && load.ratePerSecond === null) fill(clients[index], load.window)
        else if (over && isIdle()) allAcked()
      },
    })
    clients.push(client)
  }
  const lost = Promise.race(clients.map((client) => client.lost))

  const cpuBefore = process.cpuUsage()
  const beganMs = performance.now()
  const beganAtMs = Date.now()
  const published =
    load.ratePerSecond === null
      ? asFastAsAcknowledged(clients, load)
      : atRate(clients, load.ratePerSecond, load.seconds)
  await Promise.race([published, lost])
  over = true
  if (!isIdle()) {
    const acknowledged = new Promise<void>((resolve) => (allAcked = resolve))
    await Promise.race([acknowledged, lost, tooLate(clients)])
  }
  if (load.qos === 0) lastAckMs = Date.now()
  const cpu = process.cpuUsage(cpuBefore)
  for (const client of clients) client.close()

  const sent = clients.reduce((sum, client) => sum + client.sent(), 0)
  const ms = (percentile: number): number => latencyUs.percentile(percentile) / 1000
  return {
    sent,
    acked: load.qos === 0 ? sent : acked,
    tookMs: load.qos === 0 ? performance.now() - beganMs : lastAckMs - beganAtMs,
    lastAckMs,
    bytesPerPayload: Buffer.byteLength(senmlText(load, load.clients[0]?.device ?? '', 0)),
    latencyMs: { p50: ms(50), p99: ms(99), max: latencyUs.max / 1000 },
    cpuMs: (cpu.user + cpu.system) / 1000,
  }
}

function fill(client: LoadClient | undefined, window: number): void {
  if (client === undefined) return
  const nowMs = performance.now()
  client.send(Array.from({ length: window - client.inFlight() }, () => nowMs))
}

/** The first windows; each acknowledgement then makes room for another message. */
async function asFastAsAcknowledged(clients: readonly LoadClient[], load: Load): Promise<void> {
  const untilMs = performance.now() + load.seconds * 1000
  for (const client of clients) fill(client, load.window)
  if (load.qos === 0) {
    // Nothing is acknowledged: a window's worth a turn, so that the socket can take it.
    while (performance.now() < untilMs) {
      for (const client of clients) fill(client, load.window)
      await pause(TICK_MS)
    }
    return
  }
  await pause(untilMs - performance.now())
}

/** Open loop: what is due goes out, in turn over the clients, however much is unacknowledged. */
async function atRate(
  clients: readonly LoadClient[],
  perSecond: number,
  seconds: number,
): Promise<void> {
  const beganMs = performance.now()
  const total = Math.floor(perSecond * seconds)
  for (let next = 0; next < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - beganMs) / 1000) * perSecond) + 1)
    const ofClient = clients.map((): number[] => [])
    for (; next < due; next++) {
      ofClient[next % clients.length]?.push(beganMs + (next / perSecond) * 1000)
    }
    for (const [index, client] of clients.entries()) client.send(ofClient[index] ?? [])
    await pause(TICK_MS)
  }
}

/** One SenML record (RFC 8428), as a gauge sends it; 1 ms after the one before. */
function senmlText({ field, unit, firstAtMs, payloadBytes }: Load, device: string, n: number) {
  const value = (n % 10_000) / 1000
  const atS = (firstAtMs + n) / 1000
  const record = `[{"bn":"${device}/","n":"${field}","u":"${unit}","t":${atS},"v":${value}}]`
  return record.padEnd(payloadBytes)
}

function tooLate(clients: readonly LoadClient[]): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      const left = clients.reduce((sum, client) => sum + client.inFlight(), 0)
      reject(new Error(`${left} messages were not acknowledged in ${LAST_ACKS_WITHIN_MS} ms`))
    }, LAST_ACKS_WITHIN_MS)
    timer.unref()
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
