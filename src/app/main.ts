#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { z } from 'zod'
import { fileCommands } from './commands/on-files.js'
import { sampleConfiguration } from './config.js'
import { CommandError, EXIT, systemCode } from './exit.js'
import { packageRoot } from './package-root.js'

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')))

async function program(): Promise<Command> {
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
  // What a service is made of is loaded only where it may be wanted: files are answered sooner without.
  if (!isOnFiles(process.argv[2])) {
    const { serviceCommands } = await import('./commands/of-the-service.js')
    serviceCommands(command)
  }
  fileCommands(command)
  command
    .command('config')
    .summary('print a sample configuration for the environment')
    .action(() => {
      process.stdout.write(sampleConfiguration())
    })
  for (const sub of command.commands) sub.exitOverride()
  return command
}

function isOnFiles(name: string | undefined): boolean {
  const files = new Command()
  fileCommands(files)
  return files.commands.some((command) => command.name() === name)
}

// `| head` has read enough: that is no fault of the command.
process.stdout.on('error', (error) => {
  if (systemCode(error) === 'EPIPE') process.exit(EXIT.done)
  throw error
})

try {
  await (await program()).parseAsync()
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
