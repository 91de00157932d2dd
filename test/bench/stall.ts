/**
 * A store that stands still: InfluxDB holds its connections and answers nothing for a while, and
 * the devices must not notice. Half of the devices publish at a steady rate; the other half are
 * silent and live by their keepalive of 10 s alone, which is what breaks first.
 *
 *     npm run bench -- stall [--seconds 300] [--rate 1000]
 *
 * disconnects counts connections that ended, of either half; a publisher that loses one ends the
 * run with an error. drainSeconds counts from when the server answers again.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import { startInfluxd } from '../setup/influxd.js'
import { publishFromOutside } from '../setup/publisher-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, positive, say } from './arguments.js'
import { watchLag } from './lag-watch.js'
import { CLIENTS, loadOn } from './load-city.js'
import { startLoadService } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const { seconds, rate } = benchArguments('stall', 'devices while the store stands still', {
  seconds: positive(300, 'how long the store stands still'),
  rate: positive(1_000, 'messages a second, all devices together'),
})
const KEEPALIVE_S = 10
/** Load before and after, so that the stall begins and ends under it. */
const MARGIN_S = 5
const PUBLISHING = CLIENTS.length / 2
/** The registry stands in the journal before the first message. */
const ENTRIES_BEFORE = 1

/** Devices that only ping. */
async function silentDevices(
  url: string,
  secrets: ReadonlyMap<string, string>,
): Promise<{ readonly clients: readonly MqttClient[]; disconnects(): number }> {
  let disconnects = 0
  const clients = await Promise.all(
    CLIENTS.slice(PUBLISHING).map(async (device) =>
      connectAsync(url, {
        clientId: device,
        username: device,
        password: secrets.get(device) ?? '',
        keepalive: KEEPALIVE_S,
      }),
    ),
  )
  for (const client of clients) client.on('close', () => disconnects++)
  return { clients, disconnects: () => disconnects }
}

const folder = await temporaryFolder('bench-stall')
const influxd = await startInfluxd()
const service = await startLoadService(folder.path, { profile: null, influxd, settings: [] })
try {
  const { mqtt, process: server } = service.program
  const silent = await silentDevices(mqtt, service.secrets)
  const lag = watchLag(service)
  const load = loadOn(mqtt, service.secrets, seconds + 2 * MARGIN_S, rate)
  const publishing = publishFromOutside({ ...load, clients: load.clients.slice(0, PUBLISHING) })
  await pause(MARGIN_S * 1000)
  say(`the store stands still for ${seconds} s`)
  influxd.pause()
  await pause(seconds * 1000)
  influxd.resume()
  const resumedMs = Date.now()
  const { acked, latencyMs } = await publishing
  const { storedMs } = await lag.end(acked + ENTRIES_BEFORE)
  const { rssMaxMb } = await processUse(server.pid)
  const disconnects = silent.disconnects()
  await Promise.all(silent.clients.map((client) => client.endAsync()))
  const rows = await service.stopAndCount()
  const lost = acked - rows
  process.stdout.write(
    `${JSON.stringify({
      bench: 'stall',
      seconds,
      keepaliveSeconds: KEEPALIVE_S,
      devices: CLIENTS.length,
      disconnects,
      acked,
      rows,
      lost,
      drainSeconds: rounded((storedMs - resumedMs) / 1000),
      p99Ms: rounded(latencyMs.p99),
      maxMs: rounded(latencyMs.max),
      rssMaxMb,
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = disconnects === 0 && lost === 0 ? 0 : 1
} finally {
  await service.program.process.kill()
  await influxd.stop()
  await folder.remove()
}
