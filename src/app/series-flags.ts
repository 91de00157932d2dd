import { Option, type Command } from 'commander'
import { duration } from './option-values.js'

/** Flags of commands that read one series of a CSV file. */
export interface SeriesFlags {
  readonly timeColumn?: string
  readonly column?: string
  readonly unit?: string
  readonly zone?: string
  readonly skipFaulty?: true
  readonly json?: true
}

export function seriesFlags(command: Command): Command {
  return command
    .option('--time-column <name>', 'column of the time; the first one unless given')
    .option('--column <name>', 'column of the value; the next one unless given')
    .option(
      '--unit <code>',
      'UCUM code of the values; by the end of the column’s name (_mm, _in, _m, _lps, …) unless given',
    )
    .option('--zone <zone>', 'zone (Asia/Shanghai) or offset (+08:00) of times without an offset')
    .option(
      '--skip-faulty',
      'leave out lines that cannot be read instead of stopping; their values are missing',
    )
    .option('--json', 'print one JSON document')
}

/** The same flags as readSeriesFile takes them. */
export function seriesOptions(flags: SeriesFlags) {
  return {
    ...(flags.timeColumn === undefined ? {} : { timeColumn: flags.timeColumn }),
    ...(flags.column === undefined ? {} : { valueColumn: flags.column }),
    ...(flags.unit === undefined ? {} : { unit: flags.unit }),
    ...(flags.zone === undefined ? {} : { zone: flags.zone }),
    skipFaulty: flags.skipFaulty === true,
  }
}

export interface RainFlags {
  readonly step?: number
  readonly absent: 'auto' | 'dry' | 'missing'
}

export function rainFlags(command: Command): Command {
  return command
    .option(
      '--step <duration>',
      'time a row’s depth fell in, up to its time; the median step unless given',
      duration('--step'),
    )
    .addOption(
      new Option(
        '--absent <what>',
        'what time without a row is; auto: dry when fewer than half of the rows are zero',
      )
        .choices(['auto', 'dry', 'missing'])
        .default('auto'),
    )
}

export function rainOptions(flags: RainFlags) {
  return { absent: flags.absent, ...(flags.step === undefined ? {} : { stepMs: flags.step }) }
}

/** What the answer says of the file it read; the lines of --help that explain it. */
export const ABOUT_HELP = `  about          timeColumn, valueColumn, unit, unitFrom (--unit, column name or assumed), rows, missing
                 (rows without a value), faultyLines, repeatedRows (left out), stepMin`
