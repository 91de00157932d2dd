import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { destination } from 'pino'
import { deviceTopic } from '../../domain/city/device-topics.js'
import { DAY_MS, HOUR_MS } from '../../domain/time.js'
import {
  DEMO_CITY_ID,
  HAND_DEVICE,
  demoCityText,
  startDemoFleet,
  type DemoFleet,
} from '../../../simulators/demo-city/index.js'
import type { RegistryChange } from '../../ports/city-registry.js'
import { readUpConfig, upOptions, type ServiceConfig } from '../config.js'
import { registryOfFile } from '../initial-registry.js'
import { openLogger } from '../logger.js'
import { CommandError, EXIT } from '../exit.js'
import { packageRoot } from '../package-root.js'
import { progressLine, type ProgressLine } from '../progress.js'
import { startService, type Service } from '../service.js'
import { stopOnSignal } from '../stop-on-signal.js'

/** The demo fills this much of the past on its first start. */
const DEMO_HISTORY_MS = 21 * DAY_MS

/** `rainledger up`: broker, ingest, store, API and dashboard in one process. */
export function upCommand(program: Command): void {
  const command = program
    .command('up')
    .summary('run broker, ingest, store, API and dashboard')
    .description(
      'Runs the whole service in one process on one data folder. Stop it with Ctrl-C.\n' +
        'Every flag is also an environment variable: --http-port is RAINLEDGER_HTTP_PORT.',
    )
    .option('--demo', 'with a simulated town; takes the next free ports when these are taken')
    .option('--json', 'print one JSON line when ready instead of text')
    .addHelpText(
      'after',
      `
Examples:
  rainledger up --demo
  rainledger up --data /var/lib/rainledger --city city.yaml --host 0.0.0.0 --mqtt-host 0.0.0.0
  rainledger up --city city.yaml --mqtt-plain off --mqtt-tls-host 0.0.0.0 --mqtt-tls-port 8883 \\
    --mqtt-tls-cert broker.crt --mqtt-tls-key broker.key --mqtt-tls-ca devices-ca.crt
  rainledger up --city city.yaml --store influx --influx-url http://127.0.0.1:8086`,
    )
  for (const option of upOptions()) command.addOption(option)
  command.action(async (flags: Record<string, unknown>) => {
    await up(readUpConfig(flags), flags['demo'] === true, flags['json'] === true)
  })
}

async function up(config: ServiceConfig, demo: boolean, json: boolean): Promise<void> {
  if (demo && config.mqttPlain === 'off') {
    throw new CommandError(
      EXIT.badInput,
      '--mqtt-plain off shuts out the sensors of --demo, which speak in clear; leave one of them out',
    )
  }
  // Synchronous, so that the last words before an exit are not lost.
  const logger = openLogger(config.logLevel, destination({ fd: 2, sync: true }))
  const clock = { nowMs: () => Date.now() }
  const service = await startService({
    config,
    initialRegistry:
      demo && config.city === undefined ? await demoRegistry() : await registryOfFile(config.city),
    ports: demo ? 'step-over' : 'exact',
    pages: 'served',
    onWait: null,
    clock,
    logger,
  })
  const { city } = service.ingest.registry.current().registry
  if (demo && city.id !== DEMO_CITY_ID) {
    await service.stop()
    throw new CommandError(
      EXIT.badInput,
      `${config.data} is the data folder of city ${city.id}, where the demo's sensors do not belong; start without --demo, or give --data another folder`,
    )
  }
  let fleet: DemoFleet | undefined
  stopOnSignal(logger, async () => {
    await fleet?.stop()
    await service.stop()
  })
  if (demo) {
    const handSecret = await service.secrets.issue(HAND_DEVICE)
    announce(service, json, handLine(service, handSecret))
    fleet = await startFleet(service, clock, json)
    fleet.caughtUp.catch((error: unknown) => {
      logger.error({ error }, 'the demo fleet has stopped')
    })
  } else {
    announce(service, json, null)
  }
}

async function demoRegistry(): Promise<RegistryChange> {
  return {
    text: await demoCityText(packageRoot()),
    person: userInfo().username,
    reason: 'demo city',
  }
}

async function startFleet(
  service: Service,
  clock: { nowMs(): number },
  json: boolean,
): Promise<DemoFleet> {
  const { registry } = service.ingest.registry.current()
  const storedUntil = new Map<string, number>()
  for (const device of registry.devices) {
    const latest = await service.store.latest(device.sensors.map((sensor) => sensor.id))
    for (const { atMs } of latest) {
      storedUntil.set(device.id, Math.max(atMs, storedUntil.get(device.id) ?? -Infinity))
    }
  }
  let progress: ProgressLine | null = null
  return startDemoFleet({
    mqttUrl: service.mqtt,
    secretOf: (device) => service.secrets.issue(device),
    storedUntilMs: (device) => storedUntil.get(device) ?? null,
    nowMs: () => clock.nowMs(),
    historyMs: DEMO_HISTORY_MS,
    onHistory(doneMs, totalMs) {
      if (json) return
      const totalH = Math.ceil(totalMs / HOUR_MS)
      progress ??= progressLine('filling the town’s past, hours', totalH)
      progress.at(Math.min(totalH, Math.round(doneMs / HOUR_MS)))
    },
  })
}

/** One line to copy: makes a point appear on the page. */
function handLine(service: Service, secret: string): string {
  const { hostname, port } = new URL(service.mqtt)
  const topic = deviceTopic(DEMO_CITY_ID, HAND_DEVICE, 'up')
  return `mosquitto_pub -h ${hostname} -p ${port} -u ${HAND_DEVICE} -P ${secret} -q 1 -t ${topic} -m '{"depth": 180}'`
}

function announce(service: Service, json: boolean, handLine: string | null): void {
  const { http, mqtt, ws, mqtts, token } = service
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', http, mqtt, ws, mqtts, token, publish: handLine })}\n`,
    )
    return
  }
  const lines = [
    '',
    '  Rainledger 雨账 is running',
    '',
    `  dashboard   ${http}`,
    `  API         ${http}/docs`,
    // An external broker has one address, and so has one that speaks TLS only.
    `  MQTT        ${mqtt}${ws === mqtt ? '' : `   (WebSocket ${ws})`}`,
    ...(mqtts === null || mqtts === mqtt ? [] : [`  over TLS    ${mqtts}`]),
    `  write token ${token}`,
    '',
  ]
  if (handLine !== null) {
    lines.push(
      '  Publish a reading and watch it appear on the page (ponding, East Gate staff gauge):',
      '',
    )
    lines.push(`  ${handLine}`, '')
  }
  lines.push('  Ctrl-C stops.', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}
