/**
 * What an MQTT shared subscription loses when one of its members dies: two plain consumers, which
 * sync each message to a file before they acknowledge it, share a group on a Mosquitto as it comes;
 * one is killed with SIGKILL while messages are under way, and the devices go on. Loss is what a
 * device saw acknowledged and no consumer has in its file.
 *
 *     npm run bench -- share-loss [--seconds 12] [--setting "max_queued_messages 0"]… [--broker-url mqtt://…]
 *
 * `lost` is the kindest case: the group keeps a persistent session per member, and the dead one
 * comes back with its session after the devices have stopped. `lostWhileAway` is how it stands before
 * it has come back, `lostWithoutSession` when members begin anew each time, `lostWithoutKill` when
 * nobody dies.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startMosquitto } from '../setup/mosquitto.js'
import { startServer, type ServerProcess } from '../setup/server-process.js'
import { temporaryFolder } from '../setup/temp-folder.js'
import { startAckedPublisher, type Acked } from '../trials/acked-publisher.js'
import { machine } from './machine.js'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seconds: { type: 'string', default: '12' },
    setting: { type: 'string', multiple: true, default: [] },
    'broker-url': { type: 'string' },
  },
})
const publishMs = Number(values.seconds) * 1000
const DEVICES = ['W-1', 'W-2', 'W-3', 'W-4'] as const
/** 200 messages in flight at most, one in so many ms each: far below what two consumers take. */
const PAUSE_MS = 200
/** A file that has not grown for so long will not grow any more. */
const QUIET_MS = 3_000

interface Run {
  readonly acked: number
  readonly received: number
  readonly lost: number
  readonly lostWhileAway: number
}

interface RunOptions {
  readonly url: string
  readonly folder: string
  /** Names topics, group and clients, so that runs on one broker have nothing to do with each other. */
  readonly name: string
  readonly session: 'kept' | 'none'
  readonly death: 'halfway' | 'never'
}

async function run({ url, folder, name, session, death }: RunOptions): Promise<Run> {
  const files = [1, 2].map((number) => join(folder, `${name}-${number}.received`))
  async function consumer(number: number): Promise<ServerProcess> {
    const program = join(import.meta.dirname, 'plain-consumer.ts')
    const file = files[number - 1] ?? ''
    const client = session === 'kept' ? [`${name}-${number}`] : []
    const args = [url, `$share/${name}/${name}/+`, file, ...client]
    const started = startServer(process.execPath, ['--import', 'tsx', program, ...args])
    await started.printed(/subscribed/, 30_000)
    return started
  }
  const consumers = [await consumer(1), await consumer(2)]
  try {
    const publishers = await Promise.all(
      DEVICES.map((device) =>
        startAckedPublisher({
          url,
          device: `${name}-${device}`,
          secret: '',
          topic: `${name}/${device}`,
          message: (number) => `${name}-${device} ${number}\n`,
          pauseMs: PAUSE_MS,
          log: join(folder, `${name}-${device}.acked`),
        }),
      ),
    )
    await pause(publishMs / 2)
    if (death === 'halfway') await consumers[0]?.kill()
    await pause(publishMs / 2)
    const acked = await Promise.all(publishers.map((publisher) => publisher.stop()))
    const away = await lostOf(acked, files)
    if (death === 'halfway') consumers.push(await consumer(1))
    const { lost, received } = await lostOf(acked, files)
    return {
      acked: acked.reduce((sum, { numbers }) => sum + numbers.size, 0),
      received,
      lost,
      lostWhileAway: away.lost,
    }
  } finally {
    for (const started of consumers) await started.kill()
  }
}

/** What is acknowledged and in no file, once the files have come to rest. */
async function lostOf(
  acked: readonly Acked[],
  files: readonly string[],
): Promise<{ readonly lost: number; readonly received: number }> {
  const read = async (): Promise<string> => {
    return (await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))).join('')
  }
  let text = await read()
  for (;;) {
    await pause(QUIET_MS)
    const later = await read()
    if (later.length === text.length) break
    text = later
  }
  const received = new Set(text.trimEnd().split('\n'))
  let lost = 0
  for (const { device, numbers } of acked) {
    for (const number of numbers) if (!received.has(`${device} ${number}`)) lost++
  }
  return { lost, received: received.size }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

const folder = await temporaryFolder('share-loss')
const given = values['broker-url']
const mosquitto = given === undefined ? await startMosquitto({ settings: values.setting }) : null
try {
  const on = { url: given ?? mosquitto?.url ?? '', folder: folder.path }
  const control = await run({ ...on, name: 'control', session: 'kept', death: 'never' })
  const kept = await run({ ...on, name: 'kept', session: 'kept', death: 'halfway' })
  const anew = await run({ ...on, name: 'anew', session: 'none', death: 'halfway' })
  process.stdout.write(
    `${JSON.stringify({
      bench: 'share-loss',
      broker: given ?? 'mosquitto',
      settings: values.setting,
      ...kept,
      lostWithoutSession: anew.lost,
      lostWithoutKill: control.lost,
      ...(await machine()),
    })}\n`,
  )
} finally {
  await mosquitto?.stop()
  await folder.remove()
}
