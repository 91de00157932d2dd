import { Option, type Command } from 'commander'
import { destination } from 'pino'
import type { RefusalCode } from '../../domain/fault.js'
import { TIME_RULE, timeParameter } from '../../api/index.js'
import { readUpConfig, upOptions, type UpConfig } from '../config.js'
import { storeOfFolder } from '../data-folder.js'
import { CommandError, EXIT } from '../exit.js'
import { openLogger } from '../logger.js'
import { progressLine, type ProgressLine } from '../progress.js'
import { rebuild, rebuildWindow, type RebuildResult } from '../rebuild.js'
import type { RebuildOptions } from '../rebuild-options.js'
import type { RebuiltPart, WindowResult } from '../rebuild-window.js'
import { startFault } from '../start-fault.js'

interface RebuildFlags extends Record<string, unknown> {
  readonly into?: string
  readonly from?: string
  readonly to?: string
  readonly device?: readonly string[]
  readonly json?: true
}

/** The settings of `up` that decide what a store holds and where it stands. */
const SETTINGS = [
  ...(['data', 'futureToleranceS', 'influxUrl', 'influxOrganisation'] as const),
  ...(['influxUsername', 'influxPassword', 'influxToken', 'logLevel'] as const),
]

/** `rainledger rebuild`: the store made again from the journal. */
export function rebuildCommand(program: Command): void {
  const command = program
    .command('rebuild')
    .summary('make the store again from the journal, after a change of registry or decoder')
    .description(
      'Projects the whole journal into a new store: with the registry in force, so that values get the\n' +
        'calibration and the device that it names now, and messages that were refused for a fault of the\n' +
        'registry come in; and with the decoders of this release. The new store takes the place of the\n' +
        'old one at the end, at once; interrupted before, nothing has changed. Stop the service first:\n' +
        'devices that publish meanwhile keep their messages and send them when it runs again.\n\n' +
        'With --from, --to or --device only the observations of that time and of these devices are made\n' +
        'again, and all others stay as they are. What is projected again are whole UTC days of arrival,\n' +
        'with every other day that speaks of the same time: a message that came late goes with it.',
    )
    .option('--from <time>', 'observations from here on: ISO 8601 with offset, or epoch ms')
    .option('--to <time>', 'and before this time')
    .option('--device <id...>', 'of these devices only')
    .addOption(
      new Option(
        '--into <database>',
        'InfluxDB only: the new, empty database (bucket) for the values',
      ),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit code 0: the new store is in force; 2: the folder or a flag is wrong; 3: a service owns the folder,
or InfluxDB cannot be reached.

Examples:
  rainledger rebuild --data /var/lib/rainledger
  rainledger rebuild --device WL-02 --from 2026-06-01T00:00:00+08:00     # its calibration was mended
  rainledger rebuild --data /var/lib/rainledger --influx-url http://127.0.0.1:8086 --into rainledger_2
  rainledger up --data /var/lib/rainledger --store influx --influx-database rainledger_2 …`,
    )
  for (const option of upOptions(SETTINGS)) command.addOption(option)
  command.action(async (flags: RebuildFlags) => {
    const config = await rebuildConfig(flags)
    const part = partOf(flags, config)
    if (part === null) {
      const result = await rebuilt(config, rebuild)
      print(flags, resultJson(result), resultText(result, config))
      return
    }
    const result = await rebuilt(config, (options) => rebuildWindow(options, part))
    print(flags, windowJson(result, part), windowText(result))
  })
}

function print(flags: RebuildFlags, json: unknown, text: string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(json)}\n` : text)
}

/** null: the whole. */
function partOf({ from, to, device }: RebuildFlags, config: UpConfig): RebuiltPart | null {
  if (from === undefined && to === undefined && device === undefined) return null
  if (config.store === 'influx') {
    throw new CommandError(
      EXIT.badInput,
      '--from, --to and --device are for the embedded store: what InfluxDB holds cannot be taken back in one step; rebuild the whole --into a new database',
    )
  }
  const fromMs = from === undefined ? -Infinity : timeOf('--from', from)
  const toMs = to === undefined ? Infinity : timeOf('--to', to)
  if (fromMs >= toMs)
    throw new CommandError(EXIT.badInput, `--from ${from} is not before --to ${to}`)
  return { fromMs, toMs, devices: device ?? null }
}

function timeOf(flag: string, text: string): number {
  const read = timeParameter.safeParse(text)
  if (read.success) return read.data
  throw new CommandError(EXIT.badInput, `${flag} ${text}: ${TIME_RULE}`)
}

async function rebuildConfig(flags: RebuildFlags): Promise<UpConfig> {
  const { into } = flags
  const { data } = readUpConfig({ ...flags, store: 'duckdb' })
  const store = await storeOfFolder(data)
  if (store === 'duckdb' && into !== undefined) {
    throw new CommandError(
      EXIT.badInput,
      `--into is for InfluxDB; ${data} keeps its values in DuckDB and is rebuilt in place`,
    )
  }
  if (store === 'duckdb') return readUpConfig({ ...flags, store })
  if (into === undefined) {
    throw new CommandError(
      EXIT.badInput,
      `${data} keeps its values in InfluxDB: give the name of a new, empty database with --into, so that the old one stays in force until the new one is whole`,
    )
  }
  return readUpConfig({ ...flags, store, influxDatabase: into })
}

async function rebuilt<Result>(
  config: UpConfig,
  work: (options: RebuildOptions) => Promise<Result>,
): Promise<Result> {
  let progress: ProgressLine | null = null
  try {
    return await work({
      config,
      clock: { nowMs: () => Date.now() },
      logger: openLogger(config.logLevel, destination({ fd: 2, sync: true })),
      onProgress(done, of) {
        progress ??= progressLine('projecting journal entries', of)
        progress.at(done)
      },
    })
  } catch (error) {
    throw startFault(error)
  } finally {
    endOf(progress)
  }
}

function endOf(progress: ProgressLine | null): void {
  progress?.end()
}

function resultJson({ refusals, refusalsBefore, ...result }: RebuildResult): unknown {
  return {
    ...result,
    refusals: Object.fromEntries(refusals),
    refusalsBefore: refusalsBefore === null ? null : Object.fromEntries(refusalsBefore),
  }
}

function resultText(result: RebuildResult, config: UpConfig): string {
  const { entries, inserted, duplicate, revised, refusals, refusalsBefore } = result
  const lines = [
    `${entries} journal entries projected with registry ${result.registrySha256.slice(0, 12)}`,
    `observations: ${inserted} inserted, ${duplicate} duplicate, ${revised} revised`,
    `refused: ${total(refusals)}${refusalsBefore === null ? '' : `, before: ${total(refusalsBefore)}`}`,
  ]
  const codes = new Set([...refusals.keys(), ...(refusalsBefore?.keys() ?? [])])
  for (const code of [...codes].sort()) {
    const before = refusalsBefore === null ? '' : ` (before: ${refusalsBefore.get(code) ?? 0})`
    lines.push(`  ${code}: ${refusals.get(code) ?? 0}${before}`)
  }
  if (config.store === 'influx') {
    lines.push(
      `The values are in InfluxDB database ${config.influxDatabase}: start with --influx-database ${config.influxDatabase}.`,
    )
  }
  return `${lines.join('\n')}\n`
}

function windowJson(
  { refusals, refusalsBefore, refusalsAfter, ...result }: WindowResult,
  { fromMs, toMs, devices }: RebuiltPart,
): unknown {
  const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null)
  return {
    window: { fromMs: finite(fromMs), toMs: finite(toMs), devices },
    ...result,
    refusals: Object.fromEntries(refusals),
    refusalsBefore: Object.fromEntries(refusalsBefore),
    refusalsAfter: Object.fromEntries(refusalsAfter),
  }
}

function windowText(result: WindowResult): string {
  const { entries, of, devices, days, inserted, duplicate, revised } = result
  const lines = [
    `${entries} of ${of} journal entries projected again with registry ${result.registrySha256.slice(0, 12)}: ${devices} devices, ${days} days of arrival`,
    `their observations: ${inserted} inserted, ${duplicate} duplicate, ${revised} revised`,
    `refused in all: ${total(result.refusalsAfter)}, before: ${total(result.refusalsBefore)}`,
  ]
  const codes = new Set([...result.refusalsAfter.keys(), ...result.refusalsBefore.keys()])
  for (const code of [...codes].sort()) {
    const before = result.refusalsBefore.get(code) ?? 0
    lines.push(`  ${code}: ${result.refusalsAfter.get(code) ?? 0} (before: ${before})`)
  }
  return `${lines.join('\n')}\n`
}

function total(counts: ReadonlyMap<RefusalCode, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
