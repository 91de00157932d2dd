import { Option, type Command } from 'commander'
import { JournalDamaged } from '../../adapters/journal/index.js'
import { backUp, restore, type CopyProgress } from '../backup.js'
import { CommandError, EXIT } from '../exit.js'
import { progressLine, type ProgressLine } from '../progress.js'
import { startFault } from '../start-fault.js'

interface BackupFlags {
  readonly data: string
  readonly to: string
  readonly earlier?: string
  readonly json?: true
}

interface RestoreFlags {
  readonly data: string
  readonly json?: true
}

/** `rainledger backup` and `restore`: what cannot be made again, copied while the service runs. */
export function backupCommands(program: Command): void {
  program
    .command('backup')
    .summary('copy journal and secrets to another folder, also while the service runs')
    .description(
      'Copies what cannot be made again: the journal, the label of the folder and the devices’ secrets\n' +
        '(salted hashes). The store is left out: it is made again from the journal. The service may run:\n' +
        'every message acknowledged before the command began is in the backup. It is verified, and has\n' +
        'its name only when it is whole; sha256sum -c SHA256SUMS checks it anywhere.',
    )
    .addOption(dataOption())
    .requiredOption('--to <folder>', 'the backup; a folder that does not exist yet')
    .option(
      '--earlier <backup>',
      'an earlier backup on the same disk: what it has is linked, not copied again',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit code 0: the backup is whole; 1: the journal is damaged, no backup was made; 2: a folder is wrong.

Examples:
  rainledger backup --data /var/lib/rainledger --to /backup/2026-11-27
  rainledger backup --data /var/lib/rainledger --to /backup/2026-11-28 --earlier /backup/2026-11-27`,
    )
    .action(async (flags: BackupFlags) => {
      const result = await withProgress(
        async (progress) => await backUp(flags.data, flags.to, flags.earlier, progress),
      )
      const { folder, entries, bytes, linkedBytes } = result
      const linked =
        linkedBytes === 0 ? '' : `, ${linkedBytes} of them linked to the earlier backup`
      print(flags, result, `${folder}: ${entries} journal entries, ${bytes} bytes${linked}\n`)
    })

  program
    .command('restore')
    .summary('make a data folder of a backup')
    .description(
      'Compares every file of the backup with its hash, verifies the journal, and makes a data folder\n' +
        'of it. The store is made from the journal at the next start. What was acknowledged after the\n' +
        'backup is not in it.',
    )
    .argument('<backup>', 'folder that rainledger backup made')
    .addOption(dataOption())
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit code 0: the folder is whole; 1: the backup is damaged, nothing was made; 2: a folder is wrong.
With InfluxDB start on a new, empty database: the old one holds values of entries that are gone.

Example:
  rainledger restore /backup/2026-11-27 --data /var/lib/rainledger
  rainledger up --data /var/lib/rainledger`,
    )
    .action(async (backup: string, flags: RestoreFlags) => {
      const result = await withProgress(
        async (progress) => await restore(backup, flags.data, progress),
      )
      const start =
        result.store === 'influx'
          ? 'with --store influx on a new, empty --influx-database'
          : 'and the store is made from the journal'
      print(
        flags,
        result,
        `${result.folder}: ${result.entries} journal entries; start it ${start}: rainledger up --data ${result.folder}\n`,
      )
    })
}

function dataOption(): Option {
  return new Option('--data <folder>', 'data folder of the service').default('data')
}

function print(flags: { readonly json?: true }, value: unknown, text: string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : text)
}

async function withProgress<Result>(
  work: (progress: CopyProgress) => Promise<Result>,
): Promise<Result> {
  const lines: ProgressLine[] = []
  const line = (what: string): ((done: number, of: number) => void) => {
    let own: ProgressLine | undefined
    return (done, of) => {
      if (own === undefined) lines.at(-1)?.end()
      own ??= begun(what, of, lines)
      own.at(done)
    }
  }
  try {
    return await work({
      onCopied: line('copying bytes'),
      onVerified: line('verifying sealed segments'),
    })
  } catch (error) {
    if (error instanceof JournalDamaged) {
      throw new CommandError(EXIT.foundWrong, error.message, { cause: error })
    }
    throw startFault(error)
  } finally {
    lines.at(-1)?.end()
  }
}

function begun(what: string, of: number, lines: ProgressLine[]): ProgressLine {
  const line = progressLine(what, of)
  lines.push(line)
  return line
}
