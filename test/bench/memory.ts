/**
 * Memory at full load: the embedded broker takes messages as fast as it acknowledges them, and the
 * resident memory of the service is read every few seconds.
 *
 *     npm run bench -- memory [--minutes 10] [--store duckdb|influx]
 *
 * rssMb is the curve, one number each sampleSeconds; slopeMbPerMin is the straight line through its
 * last half (least squares): near 0 when memory is bounded; lagMs as in `ingest`.
 */
import { linearRegression } from 'simple-statistics'
import { startInfluxd } from '../setup/influxd.js'
import { publishFromOutside } from '../setup/publisher-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { benchArguments, oneOf, positive, say } from './arguments.js'
import { watchLag } from './lag-watch.js'
import { loadOn } from './load-city.js'
import { startLoadService } from './load-service.js'
import { machine, processUse, rounded } from './machine.js'

const { minutes, store } = benchArguments('memory', 'resident memory at full load', {
  minutes: positive(10, 'how long the load lasts'),
  store: oneOf(['duckdb', 'influx'], 'duckdb or influx'),
})
const SAMPLE_SECONDS = 10
/** The registry stands in the journal before the first message. */
const ENTRIES_BEFORE = 1

/** Reads the resident memory until told to end; the curve, MB. */
function watchRss(pid: number): { end(): readonly number[] } {
  const curve: number[] = []
  async function sample(): Promise<void> {
    const { rssMb } = await processUse(pid)
    curve.push(rssMb)
    say(`${curve.length * SAMPLE_SECONDS} s: ${rssMb} MB`)
  }
  const timer = setInterval(() => void sample(), SAMPLE_SECONDS * 1000)
  return {
    end() {
      clearInterval(timer)
      return curve
    },
  }
}

function slopeOfLastHalf(curve: readonly number[]): number | null {
  const half = curve.slice(Math.floor(curve.length / 2))
  if (half.length < 2) return null
  return rounded(linearRegression(half.map((mb, at) => [(at * SAMPLE_SECONDS) / 60, mb])).m)
}

const folder = await temporaryFolder('bench-memory')
const influxd = store === 'influx' ? await startInfluxd() : null
// Room for the whole run: a journal that is full would end it.
const settings = ['--journal-max-mb', '100000']
const service = await startLoadService(folder.path, { profile: null, influxd, settings })
try {
  const { pid } = service.program.process
  const lag = watchLag(service)
  const watch = watchRss(pid)
  const { acked, tookMs } = await publishFromOutside(
    loadOn(service.program.mqtt, service.secrets, minutes * 60, null),
  )
  const rssMb = watch.end()
  const { lagMs } = await lag.end(acked + ENTRIES_BEFORE)
  const { rssMaxMb } = await processUse(pid)
  const rows = await service.stopAndCount()
  process.stdout.write(
    `${JSON.stringify({
      bench: 'memory',
      store,
      minutes,
      messagesPerSecond: Math.round((acked / tookMs) * 1000),
      acked,
      rows,
      lost: acked - rows,
      lagMs: Math.round(lagMs),
      sampleSeconds: SAMPLE_SECONDS,
      rssMb,
      rssMaxMb,
      slopeMbPerMin: slopeOfLastHalf(rssMb),
      ...(await machine()),
    })}\n`,
  )
  process.exitCode = rows === acked ? 0 : 1
} finally {
  await service.program.process.kill()
  await influxd?.stop()
  await folder.remove()
}
