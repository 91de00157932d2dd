import { userInfo } from 'node:os'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import { FLAG } from '../../domain/flag.js'
import type { MarkFlag } from '../../domain/qc/mark.js'
import { CommandError, EXIT } from '../exit.js'
import { connectService, serviceOptions, type ServiceFlags } from '../service-client.js'

const FLAG_WORDS: Readonly<Record<string, MarkFlag | null>> = {
  good: FLAG.good,
  suspect: FLAG.suspect,
  fail: FLAG.fail,
  tests: null,
}

interface SaidFlags extends ServiceFlags {
  readonly person: string
  readonly reason: string
  readonly json?: true
}

interface MarkFlags extends SaidFlags {
  readonly from: string
  readonly to: string
  readonly flag: string
}

/** `rainledger mark`: a person's flag over those of the tests. */
export function markCommand(program: Command): void {
  const command = program
    .command('mark')
    .summary('flag the values of a sensor in a window')
    .description(
      'Flags every value of a sensor in a window, those that come later included. The mark goes\n' +
        'through the journal, with who and why; of marks that overlap the later counts. What the\n' +
        'tests found comes back with --flag tests.',
    )
    .argument('<sensor>', 'id of a sensor, e.g. RG-01.rain')
    .requiredOption('--from <time>', 'start, included: ISO 8601 with offset, or epoch ms')
    .requiredOption('--to <time>', 'end, not included; at most 366 days after the start')
    .addOption(
      new Option('--flag <word>', 'what the values are')
        .choices(Object.keys(FLAG_WORDS))
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      `
Examples:
  rainledger mark RG-01.rain --flag fail --reason "funnel blocked by leaves" \\
    --from 2026-07-01T08:00:00+08:00 --to 2026-07-01T20:00:00+08:00
  rainledger mark RG-01.rain --flag tests --reason "it was another gauge" --from … --to …

${EXIT_CODES}`,
    )
  addSaidOptions(command)
  command.action(async (series: string, flags: MarkFlags) => {
    const { from, to, person, reason } = flags
    const flag = FLAG_WORDS[flags.flag] ?? null
    await send('/marks', { series, from, to, flag, person, reason }, flags)
  })
}

interface CorrectFlags extends SaidFlags {
  readonly value: readonly string[]
}

/** `rainledger correct`: other values than a device gave. */
export function correctCommand(program: Command): void {
  const command = program
    .command('correct')
    .summary('give other values than the device did')
    .description(
      'Gives values of a sensor at the times named, above whatever its device or a file says, now\n' +
        'and later. They go through the journal, with who and why; what the device sent stays\n' +
        'readable as a revision. Values are in the unit in which the API gives them, calibrated.',
    )
    .argument('<sensor>', 'id of a sensor, e.g. WL-02.level')
    .requiredOption('--value <time=value...>', 'one or several; `missing` for no value')
    .addHelpText(
      'after',
      `
Examples:
  rainledger correct WL-02.level --reason "read off the staff" \\
    --value 2026-07-01T08:00:00+08:00=0.42 2026-07-01T08:05:00+08:00=0.44
  rainledger correct WL-02.level --reason "probe out of water" --value 2026-07-01T09:00:00Z=missing

${EXIT_CODES}`,
    )
  addSaidOptions(command)
  command.action(async (series: string, flags: CorrectFlags) => {
    const { person, reason } = flags
    const values = flags.value.map(correctedValue)
    await send('/corrections', { series, values, person, reason }, flags)
  })
}

const EXIT_CODES =
  'Exit code 0: it is in the journal; 2: the service refuses it, and says why; 3: no service answers.'

function addSaidOptions(command: Command): void {
  command
    .option('--person <name>', 'who says so', userInfo().username)
    .requiredOption('--reason <text>', 'why; stands in the journal')
    .option('--json', 'print the journal entry as JSON')
  for (const option of serviceOptions()) command.addOption(option)
}

function correctedValue(text: string): { readonly at: string; readonly value: number | null } {
  const split = text.lastIndexOf('=')
  const at = text.slice(0, Math.max(0, split))
  const said = text.slice(split + 1).trim()
  const value = said === 'missing' ? null : Number(said)
  if (at === '' || said === '' || Number.isNaN(value)) {
    const rule = 'TIME=VALUE, e.g. 2026-07-01T08:00:00+08:00=0.42, or TIME=missing'
    throw new CommandError(EXIT.badInput, `--value ${text}: ${rule}`)
  }
  return { at, value }
}

async function send(path: string, body: object, flags: SaidFlags): Promise<void> {
  const service = await connectService(flags)
  const text = JSON.stringify(body)
  const answer = await service.send('POST', path, { type: 'application/json', text })
  const { seq } = z.object({ seq: z.int() }).parse(answer)
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ seq })}\n` : `journaled as entry ${seq}\n`,
  )
}
