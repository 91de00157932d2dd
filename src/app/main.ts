#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { z } from 'zod'
import { assessCommand } from './commands/assess.js'
import { backupCommands } from './commands/backup.js'
import { cityCommand } from './commands/city.js'
import { designRainCommand } from './commands/design-rain.js'
import { deviceCommand } from './commands/device.js'
import { importCommand } from './commands/import.js'
import { ingestCommand } from './commands/ingest.js'
import { correctCommand, markCommand } from './commands/judgements.js'
import { journalCommand } from './commands/journal.js'
import { ledgerCommand } from './commands/ledger.js'
import { qcCommand } from './commands/qc.js'
import { rebuildCommand } from './commands/rebuild.js'
import { runoffCommand } from './commands/runoff.js'
import { schemeCommand } from './commands/scheme.js'
import { serveCommand } from './commands/serve.js'
import { pondingCommand } from './commands/ponding.js'
import { rainEventsCommand } from './commands/rain-events.js'
import { returnPeriodCommand } from './commands/return-period.js'
import { stormCommand } from './commands/storm.js'
import { upCommand } from './commands/up.js'
import { sampleConfiguration } from './config.js'
import { CommandError, EXIT, systemCode } from './exit.js'
import { packageRoot } from './package-root.js'

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')))

function program(): Command {
  const command = new Command('rainledger')
    .description(
      'Sponge-city monitoring: from a published reading to an indicator anyone can re-derive',
    )
    .version(version)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 found wrong (check, verify); 2 bad usage or input; 3 could not reach or bind something.',
    )
  upCommand(command)
  ingestCommand(command)
  serveCommand(command)
  cityCommand(command)
  deviceCommand(command)
  importCommand(command)
  markCommand(command)
  correctCommand(command)
  ledgerCommand(command)
  assessCommand(command)
  schemeCommand(command)
  journalCommand(command)
  rebuildCommand(command)
  backupCommands(command)
  qcCommand(command)
  designRainCommand(command)
  stormCommand(command)
  returnPeriodCommand(command)
  rainEventsCommand(command)
  runoffCommand(command)
  pondingCommand(command)
  command
    .command('config')
    .summary('print a sample configuration for the environment')
    .action(() => {
      process.stdout.write(sampleConfiguration())
    })
  for (const sub of command.commands) sub.exitOverride()
  return command
}

// `| head` has read enough: that is no fault of the command.
process.stdout.on('error', (error) => {
  if (systemCode(error) === 'EPIPE') process.exit(EXIT.done)
  throw error
})

try {
  await program().parseAsync()
} catch (error) {
  process.exitCode = exitCode(error)
}

function exitCode(error: unknown): number {
  // Commander has printed help, version or its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput
  if (error instanceof CommandError) {
    process.stderr.write(`rainledger: ${error.message}\n`)
    return error.exitCode
  }
  process.stderr.write(
    `rainledger: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return EXIT.foundWrong
}
