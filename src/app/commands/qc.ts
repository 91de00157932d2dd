import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { FLAG } from '../../domain/flag.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { SECOND_MS } from '../../domain/time.js'
import { CommandError, EXIT } from '../exit.js'
import { faultList, fileError } from '../file-faults.js'
import type { QcConfig } from '../qc/config-schema.js'
import { judge, type JudgedColumn } from '../qc/judge.js'
import { readColumns, type FileColumns } from '../qc/read-columns.js'
import { readQcConfig } from '../qc/read-config.js'

const FLAG_NAMES = Object.keys(FLAG) as readonly (keyof typeof FLAG)[]

interface QcFlags {
  readonly config: string
  readonly skipFaulty?: true
  readonly json?: true
}

/** `rainledger qc`: the quality tests over a CSV file, without a service. */
export function qcCommand(program: Command): void {
  program
    .command('qc')
    .summary('run the quality tests over a CSV file, without a service')
    .description(
      'Runs the QARTOD tests over the columns of a CSV file (also gzipped) and prints a flag for every\n' +
        'value: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing; of several tests the worst by\n' +
        '9 < 2 < 1 < 3 < 4. Nothing is stored and the file is not changed.',
    )
    .argument('<file>', 'CSV file with a header line')
    .requiredOption('--config <file>', 'configuration (YAML): time column, columns and their tests')
    .option('--skip-faulty', 'leave out lines that cannot be read instead of stopping')
    .option('--json', 'print every flag as one JSON document')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: QcFlags) => {
      process.exitCode = await qc(file, flags)
    })
}

const HELP = `
Example configuration (every test of a column is optional):
  format: 1
  time: { column: time_local, zone: '-07:00', intervalS: 900 }
  missing: ['', '-9999']
  columns:
    - column: temp
      quantity: water_temperature   # gives unit and defaults; leave out for numbers as they are
      unit: '[degF]'                # of the cells; thresholds below are in the internal unit
      tests:
        grossRange: { fail: [-2, 40], suspect: [0, 30] }            # limits pass
        climatology: [{ from: '11-01', to: '03-31', suspect: [0, 12] }]  # days inclusive
        spike: { suspect: 1, fail: 3 }                              # |x - mean of both neighbours|
        rateOfChange: { suspectPerS: 0.002 }                        # against the row before
        flatLine: { tolerance: 0.01, suspectAfterS: 10800, failAfterS: 21600 }
        attenuatedSignal: { windowS: 86400, measure: range, suspectBelow: 0.1 }  # or standard-deviation; minValues
        timeGap: { suspectAboveS: 1800 }
        location: { lon: lon, lat: lat, box: [113, 29, 116, 32], maxStepM: 100 }
    - { column: rg1, quantity: rain_depth }  # neighbours: the other rain_depth columns
    - column: rg2
      quantity: rain_depth
      tests: { neighbour: { columns: [rg1], wetAboveMm: 5, windowS: 3600, atLeast: 1 }, grossRange: off }

Example:
  rainledger qc waterlab_2019.csv.gz --config waterlab.yaml --json

--json prints one object:
  file, lines, faultyLines
  columns[]            in the order of the configuration
    column, quantity, unit (of thresholds and limits; null without a quantity)
    intervalS          expected step (time.intervalS, else the median); null: none
    outOfOrder, repeatedTimes   rows of the file; rows are sorted by time before they are judged
    atMs[], flags[]    one per row, UTC epoch ms and the worst flag
    tests[]            one per row: bit k set when the test with bit k gave 1, 3 or 4
    verdicts[]         one per test that ran: test, bit, settings, flags[] (one per row)
    notSet[]           tests without settings, not run
    counts             rows by flag: good, notEvaluated, suspect, fail, missing

Exit codes: 0 no value suspect or failing; 1 some are; 2 bad usage, configuration or file.`

async function qc(file: string, flags: QcFlags): Promise<number> {
  const config = await loadConfig(flags.config)
  const read = await loadColumns(file, config, flags.skipFaulty === true)
  const judged = judge(config, read)
  const print = flags.json === true ? reportJson : reportText
  process.stdout.write(print(basename(file), read, judged))
  const isClean = judged.every(({ flags: all }) =>
    all.every((flag) => flag !== FLAG.suspect && flag !== FLAG.fail),
  )
  return isClean ? EXIT.done : EXIT.foundWrong
}

async function loadConfig(path: string): Promise<QcConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error)
  })
  const reading = readQcConfig(text)
  if (!reading.ok) throw new CommandError(EXIT.badInput, faultList(path, reading.faults))
  return reading.value
}

async function loadColumns(
  path: string,
  config: QcConfig,
  skipFaulty: boolean,
): Promise<FileColumns> {
  const read = await readColumns(path, config).catch((error: unknown) => {
    throw fileError(path, error)
  })
  if (read.faults.length > 0 && !skipFaulty) {
    throw new CommandError(
      EXIT.badInput,
      `${faultList(path, read.faults)}\n` +
        'nothing was judged; mend the file, or leave these lines out with --skip-faulty',
    )
  }
  if ([...read.columns.values()].every(({ values }) => values.length === 0)) {
    throw new CommandError(EXIT.badInput, `${path}: no line to judge`)
  }
  return read
}

function reportJson(file: string, read: FileColumns, judged: readonly JudgedColumn[]): string {
  const columns = judged.map((column) => ({
    column: column.column.column,
    quantity: column.column.quantity ?? null,
    unit: unitOf(column),
    intervalS: column.intervalMs === null ? null : column.intervalMs / SECOND_MS,
    outOfOrder: column.outOfOrder,
    repeatedTimes: column.repeatedTimes,
    atMs: [...column.atMs],
    flags: [...column.flags],
    tests: [...column.tests],
    verdicts: column.verdicts.map(({ id, bit, setting, flags }) => ({
      test: id,
      bit,
      settings: column.settings[setting],
      flags: [...flags],
    })),
    notSet: column.notSet,
    counts: counts(column.flags),
  }))
  return `${JSON.stringify({ file, lines: read.lines, faultyLines: read.faults.length, columns })}\n`
}

function reportText(file: string, read: FileColumns, judged: readonly JudgedColumn[]): string {
  const lines = [`${file}: ${read.lines} lines, ${read.faults.length} faulty lines left out`]
  for (const column of judged) {
    const unit = unitOf(column)
    lines.push('', `${column.column.column}${unit === null ? '' : ` (${unit})`}`)
    lines.push(
      row(
        '',
        FLAG_NAMES.map((name) => wordsOf(name)),
      ),
    )
    for (const { id, flags } of column.verdicts) lines.push(row(id, countCells(flags)))
    lines.push(row('worst', countCells(column.flags)))
    if (column.notSet.length > 0) lines.push(`  not set: ${column.notSet.join(', ')}`)
    if (column.outOfOrder > 0) lines.push(`  out of order in the file: ${column.outOfOrder}`)
    if (column.repeatedTimes > 0) lines.push(`  repeated times: ${column.repeatedTimes}`)
  }
  return `${lines.join('\n')}\n`
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(18)}${cells.map((cell) => cell.padStart(15)).join('')}`
}

function countCells(flags: Uint8Array): readonly string[] {
  const byName = counts(flags)
  return FLAG_NAMES.map((name) => String(byName[name]))
}

function counts(flags: Uint8Array): Readonly<Record<keyof typeof FLAG, number>> {
  const count = (wanted: number): number =>
    flags.reduce((n, flag) => (flag === wanted ? n + 1 : n), 0)
  return {
    good: count(FLAG.good),
    notEvaluated: count(FLAG.notEvaluated),
    suspect: count(FLAG.suspect),
    fail: count(FLAG.fail),
    missing: count(FLAG.missing),
  }
}

/** notEvaluated as "not evaluated". */
function wordsOf(name: keyof typeof FLAG): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
}

function unitOf({ column: { quantity } }: JudgedColumn): string | null {
  return quantity === undefined ? null : QUANTITIES[quantity].unit
}
