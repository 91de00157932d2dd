import type { Command } from 'commander'
import { destination } from 'pino'
import { memberLabel } from '../../domain/city/member.js'
import { ingestOptions, readIngestConfig, type ServiceConfig } from '../config.js'
import { registryOfFile } from '../initial-registry.js'
import { openLogger } from '../logger.js'
import { startService } from '../service.js'
import { stopOnSignal } from '../stop-on-signal.js'

/** `rainledger ingest`: one of several processes that share a city's devices. */
export function ingestCommand(program: Command): void {
  const command = program
    .command('ingest')
    .summary('run one of several ingest processes, without pages')
    .description(
      'Takes the messages of a share of the devices from an external broker into an InfluxDB that\n' +
        'all members share, with a journal and books of its own. `rainledger serve` shows the whole.\n' +
        'Every flag is also an environment variable: --broker-url is RAINLEDGER_BROKER_URL.',
    )
    .option('--standby', 'when another process owns the data folder, wait and take over')
    .option('--json', 'print one JSON line when ready, and one when waiting, instead of text')
    .addHelpText(
      'after',
      `
The data folder remembers its share. Every member applies the same registry.

Examples:
  rainledger ingest --member 1/2 --data /var/lib/rainledger-1 --city city.yaml \\
    --broker-url mqtt://127.0.0.1:1883 --influx-url http://127.0.0.1:8086 --http-port 8081
  rainledger ingest --member 1/2 --standby --data /var/lib/rainledger-1 \\
    --broker-url mqtt://127.0.0.1:1883 --influx-url http://127.0.0.1:8086 --http-port 8091`,
    )
  for (const option of ingestOptions()) command.addOption(option)
  command.action(async (flags: Record<string, unknown>) => {
    await ingest(readIngestConfig(flags), flags['standby'] === true, flags['json'] === true)
  })
}

async function ingest(config: ServiceConfig, standby: boolean, json: boolean): Promise<void> {
  // Synchronous, so that the last words before an exit are not lost.
  const logger = openLogger(config.logLevel, destination({ fd: 2, sync: true }))
  const member = config.member === null ? '' : memberLabel(config.member)

  function waiting(http: string): void {
    const text = `\n  Rainledger 雨账: standby of member ${member}; takes over when the owner of ${config.data} ends\n\n  API         ${http}\n\n`
    process.stdout.write(json ? `${JSON.stringify({ event: 'standby', http, member })}\n` : text)
  }

  const service = await startService({
    config,
    initialRegistry: await registryOfFile(config.city),
    ports: 'exact',
    pages: 'left out',
    onWait: standby ? waiting : null,
    clock: { nowMs: () => Date.now() },
    logger,
  })
  stopOnSignal(logger, async () => await service.stop())
  const { http, mqtt, ws, mqtts, token } = service
  if (json) {
    const ready = { event: 'ready', http, mqtt, ws, mqtts, token, publish: null, member }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
    return
  }
  const lines = [
    '',
    `  Rainledger 雨账: member ${member} takes its share of the devices`,
    '',
    `  API         ${http}`,
    `  broker      ${mqtt}`,
    `  write token ${token}`,
    '',
    '  Ctrl-C stops.',
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
