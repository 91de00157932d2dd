/**
 * How long a device waits for its PUBACK, which comes after the fsync, at a steady load: an open
 * loop over 20 clients, each latency counted from when the message was due.
 *
 *     npm run bench -- ack-latency [--seconds 20] [--rate 2000]
 */
import { parseArgs } from 'node:util'
import { publishFromOutside } from '../setup/publisher-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { CLIENTS, loadOn } from './load-city.js'
import { startLoadService } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '2000' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)

const folder = await temporaryFolder('bench-ack-latency')
const service = await startLoadService(folder.path, { profile: null, influxd: null, settings: [] })
try {
  const { mqtt, process: server } = service.program
  const before = await processUse(server.pid)
  const report = await publishFromOutside(loadOn(mqtt, service.secrets, seconds, rate))
  const after = await processUse(server.pid)
  const { p50, p99, max } = report.latencyMs
  process.stdout.write(
    `${JSON.stringify({
      bench: 'ack-latency',
      seconds,
      clients: CLIENTS.length,
      ratePerSecond: rate,
      acked: report.acked,
      p50Ms: rounded(p50),
      p99Ms: rounded(p99),
      maxMs: rounded(max),
      cpuUs: rounded(((after.cpuMs - before.cpuMs) / report.acked) * 1000),
      ...(await machine()),
    })}\n`,
  )
} finally {
  await service.program.process.stop()
  await folder.remove()
}
