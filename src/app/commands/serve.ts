import type { Command } from 'commander'
import { destination } from 'pino'
import { readServeConfig, serveOptions, type ServeConfig } from '../config.js'
import { openLogger } from '../logger.js'
import { startSharedService } from '../shared-service.js'
import { stopOnSignal } from '../stop-on-signal.js'

/** `rainledger serve`: API and pages over what several ingest processes store. */
export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .summary('show what several ingest processes store, with the sum of their books')
    .description(
      'Serves API and dashboard, and takes no messages: series are read from the InfluxDB that the\n' +
        'members write to, books, refusals and devices are asked of the members. While a member does\n' +
        'not answer, the books are said to be incomplete, and the member is named.\n' +
        'Every flag is also an environment variable: --influx-url is RAINLEDGER_INFLUX_URL.',
    )
    .option('--json', 'print one JSON line when ready instead of text')
    .addHelpText(
      'after',
      `
Live events tell the newest observations only. Not here: imports, changes of the registry, device secrets; ask a member for them.

Examples:
  rainledger serve --influx-url http://127.0.0.1:8086 \\
    --member http://127.0.0.1:8081 --member http://127.0.0.1:8082
  rainledger ledger --url http://127.0.0.1:8080      # the summed books; exit 1 while one is missing`,
    )
  for (const option of serveOptions()) command.addOption(option)
  command.action(async (flags: Record<string, unknown>) => {
    await serve(readServeConfig(flags), flags['json'] === true)
  })
}

async function serve(config: ServeConfig, json: boolean): Promise<void> {
  const logger = openLogger(config.logLevel, destination({ fd: 2, sync: true }))
  const service = await startSharedService(config, { nowMs: () => Date.now() }, logger)
  const { http } = service
  stopOnSignal(logger, () => service.stop())
  const text = [
    '',
    `  Rainledger 雨账 shows ${config.member.length} addresses of members`,
    '',
    `  dashboard   ${http}`,
    `  API         ${http}/docs`,
    '',
    '  Ctrl-C stops.',
    '',
  ]
  process.stdout.write(
    json ? `${JSON.stringify({ event: 'ready', http })}\n` : `${text.join('\n')}\n`,
  )
}
