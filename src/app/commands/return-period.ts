import type { Command } from 'commander'
import { durationDepths } from '../../domain/rain/greatest-depth.js'
import { roundedDeep } from '../../domain/rounding.js'
import type { FormulaRegistry, StormFormula } from '../../domain/storm/formula-registry.js'
import { returnPeriod, type ReturnPeriod } from '../../domain/storm/return-period.js'
import { beyondValidity } from '../../domain/storm/storm-intensity.js'
import { MINUTE_MS } from '../../domain/time.js'
import { CommandError, EXIT } from '../exit.js'
import { numberList, numberWithin } from '../option-values.js'
import { readRainFile } from '../rain-file.js'
import {
  rainFlags,
  rainOptions,
  seriesFlags,
  seriesOptions,
  type RainFlags,
  type SeriesFlags,
} from '../series-flags.js'
import { formulaReference, namedFormula, referenceText, stormFormulas } from '../storm-formulas.js'
import { textTable } from '../text-table.js'

/** Durations of the compilation rules, min (standards sheet S22). */
const DURATIONS_MIN = [5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180]

/** Durations shorter than this many steps of the record are left out, unless its step is a minute. */
const LEAST_STEPS = 2

interface ReturnPeriodFlags extends SeriesFlags, RainFlags {
  readonly formula: string
  readonly formulas?: string
  readonly depth?: number
  readonly duration: readonly number[]
  readonly weiss?: true
}

/** `rainledger return-period`: how rare a depth, or the rain of a file, was. */
export function returnPeriodCommand(program: Command): void {
  const command = program
    .command('return-period')
    .summary('return period of a depth, or of the greatest depths in a rain file')
    .description(
      'Return period (重现期) per duration by a storm intensity formula: of one depth (--depth and one\n' +
        '--duration), or of the greatest sliding depth of each duration in a CSV file of one gauge.\n' +
        'Formulas are statistics of points: areal rain has no return period by them.',
    )
    .argument('[file]', 'CSV file with a time and a depth, also gzipped')
    .requiredOption('--formula <id>', 'which formula; rainledger storm --list prints them')
    .option(
      '--formulas <file>',
      'a registry of your own instead of the one that comes along (YAML)',
    )
    .option('--depth <mm>', 'a depth instead of a file', numberWithin('--depth', 0, 2000))
    .option('--duration <list>', 'durations, min', numberList('--duration', 1, 1440), DURATIONS_MIN)
    .option('--weiss', 'correct greatest depths for the fixed clock: times n/(n - 0.125), n steps')
  rainFlags(seriesFlags(command))
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: ReturnPeriodFlags) => {
      await printReturnPeriod(file, flags)
    })
}

const HELP = `
Examples:
  rainledger return-period --formula shanghai --depth 58.1 --duration 60 --json
  rainledger return-period storm.csv --formula shanghai --json

--json prints one object:
  formula        as rainledger storm prints it
  durations[]    durationMin, depthMm, periodYears, bound, method, remarks[]
                   bound: within; below or above the formula's range, periodYears being its end
                   method: inverted, bisection, row (a single-period row), between-rows
  headline       at60: the entry of 60 min, greatest: the one with the greatest period; null without
  leftOutMin[]   durations too short for the record: fewer than ${LEAST_STEPS} steps, unless its step is 1 min
  correction     "none" or "weiss (unverified)"

Exit codes: 0 done; 2 bad usage, formula or file.`

interface Entry extends ReturnPeriod {
  readonly durationMin: number
  readonly depthMm: number
  readonly remarks: readonly string[]
}

async function printReturnPeriod(
  path: string | undefined,
  flags: ReturnPeriodFlags,
): Promise<void> {
  const registry = await stormFormulas(flags.formulas)
  const formula = namedFormula(registry, flags.formula)
  const correction = flags.weiss === true ? 'weiss' : 'none'
  const { depths, leftOutMin } = await depthsAsked(path, flags, correction)
  const durations = depths.map(({ durationMin, depthMm }) =>
    entryOf(registry, formula, durationMin, depthMm),
  )
  const answer = {
    formula: formulaReference(registry, formula),
    durations,
    headline: {
      at60: durations.find(({ durationMin }) => durationMin === 60) ?? null,
      greatest: durations.reduce<Entry | null>(
        (most, entry) => (most === null || entry.periodYears > most.periodYears ? entry : most),
        null,
      ),
    },
    leftOutMin,
    correction: correction === 'weiss' ? 'weiss (unverified)' : 'none',
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(roundedDeep(answer))}\n`
      : `${referenceText(answer.formula)}\n${asText(durations)}`,
  )
}

interface Asked {
  readonly depths: readonly { readonly durationMin: number; readonly depthMm: number }[]
  readonly leftOutMin: readonly number[]
}

async function depthsAsked(
  path: string | undefined,
  flags: ReturnPeriodFlags,
  correction: 'none' | 'weiss',
): Promise<Asked> {
  const { depth } = flags
  if ((path === undefined) === (depth === undefined)) {
    throw new CommandError(EXIT.badInput, 'give either a file or --depth with --duration')
  }
  if (path === undefined) {
    if (depth === undefined || flags.duration.length !== 1) {
      throw new CommandError(
        EXIT.badInput,
        '--depth belongs to one --duration, such as --duration 60',
      )
    }
    return {
      depths: flags.duration.map((durationMin) => ({ durationMin, depthMm: depth })),
      leftOutMin: [],
    }
  }
  const { record, stepMs } = await readRainFile(path, {
    ...seriesOptions(flags),
    ...rainOptions(flags),
  })
  const isLong = (min: number): boolean =>
    stepMs <= MINUTE_MS || min * MINUTE_MS >= LEAST_STEPS * stepMs
  const all = durationDepths(record, flags.duration.filter(isLong), stepMs, correction)
  const depths = all.flatMap(({ durationMin, depthMm }) =>
    depthMm === null ? [] : [{ durationMin, depthMm }],
  )
  const told = new Set(depths.map(({ durationMin }) => durationMin))
  return { depths, leftOutMin: flags.duration.filter((min) => !told.has(min)) }
}

function entryOf(
  registry: FormulaRegistry,
  formula: StormFormula,
  durationMin: number,
  depthMm: number,
): Entry {
  return {
    durationMin,
    depthMm,
    ...returnPeriod(formula, depthMm, durationMin, registry.qPerMmMin),
    remarks: beyondValidity(formula, { durationMin }),
  }
}

const BOUND = { within: '', below: '< ', above: '> ' } as const

function asText(entries: readonly Entry[]): string {
  return textTable(
    [
      { title: 'min', align: 'right', cell: ({ durationMin }) => String(durationMin) },
      { title: 'mm', align: 'right', cell: ({ depthMm }) => depthMm.toFixed(1) },
      {
        title: 'years',
        align: 'right',
        cell: ({ bound, periodYears }) => `${BOUND[bound]}${periodYears.toFixed(2)}`,
      },
      { title: 'note', align: 'left', cell: ({ remarks }) => remarks.join('; ') },
    ],
    entries,
  )
}
