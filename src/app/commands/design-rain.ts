import type { Command } from 'commander'
import { captureCurve } from '../../domain/capture/capture-curve.js'
import { CURVE_RULE, curveDays, type CurveDays } from '../../domain/capture/curve-days.js'
import { readDailyFile } from '../daily-file.js'
import { CommandError, EXIT } from '../exit.js'
import { faultList, fileError } from '../file-faults.js'
import { numberList, wholeNumber } from '../option-values.js'
import { textTable } from '../text-table.js'

interface DesignRainFlags {
  readonly from: number
  readonly to: number
  readonly without: readonly number[]
  readonly ratio: readonly number[]
  readonly depth: readonly number[]
  readonly dateColumn: string
  readonly depthColumn: string
  readonly snowColumn?: string
  readonly json?: true
}

/** `rainledger design-rain`: design rainfall depths from a station's daily record. */
export function designRainCommand(program: Command): void {
  program
    .command('design-rain')
    .summary('design rainfall depths of capture ratios, from a station’s daily rain')
    .description(
      'Works out the curve between volume capture ratio of annual rainfall (年径流总量控制率) and\n' +
        'design rainfall depth from at least 30 years of daily rain: days of 2 mm or less and snow are\n' +
        'dropped; the ratio of a depth H is the sum of min(day, H) over the sum of the days.',
    )
    .argument('<file>', 'CSV file with one row a day, also gzipped; a missing day is an absent row')
    .requiredOption('--from <year>', 'first year', wholeNumber('--from', 1700, 2200))
    .requiredOption('--to <year>', 'last year', wholeNumber('--to', 1700, 2200))
    .option('--without <years>', 'years to leave out', numberList('--without', 1700, 2200), [])
    .option('--ratio <list>', 'ratios, %', numberList('--ratio', 0, 100), [60, 70, 75, 80, 85])
    .option(
      '--depth <list>',
      'depths, mm, whose ratios to give',
      numberList('--depth', 0, 2000),
      [],
    )
    .option('--date-column <name>', 'column of the date', 'date')
    .option('--depth-column <name>', 'column of the depth, mm', 'prcp_mm')
    .option(
      '--snow-column <name>',
      'column that says which days had snow: empty, 0 or no, else snow',
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: DesignRainFlags) => {
      await designRain(file, flags)
    })
}

const HELP = `
A year with more than ${CURVE_RULE.maxMissingDays} missing days is refused by its name; leave it out with --without.

Example:
  rainledger design-rain beijing.csv.gz --from 1983 --to 2012 --ratio 60,70,75,80,85 --json

--json prints one object:
  depths[]       ratio (%), depthMm
  ratios[]       depthMm, ratio (%): one per --depth
  from, to, years, yearsLeftOut[]
  daysKept       days of more than 2 mm that are not snow; the curve rests on them
  sumMm          their rain
  daysMissing    days of the years that have no value
  missing[]      year, days: years with missing days, few enough to be taken
  snow           "dropped", or "not identifiable" when no column says which days had snow
  snowDays       how many were dropped; null when not identifiable
  method         the rule in words

Exit codes: 0 done; 2 bad usage or file, fewer than ${CURVE_RULE.minYears} years, or a year with too many missing days.`

async function designRain(path: string, flags: DesignRainFlags): Promise<void> {
  const columns = {
    date: flags.dateColumn,
    depthMm: flags.depthColumn,
    ...(flags.snowColumn === undefined ? {} : { snow: flags.snowColumn }),
  }
  const { rain, faults } = await readDailyFile(path, columns).catch((error: unknown) => {
    throw fileError(path, error)
  })
  if (faults.length > 0) throw new CommandError(EXIT.badInput, faultList(path, faults))
  const years = yearsAsked(flags)
  const days = curveDays(rain, years, CURVE_RULE)
  refuse(path, flags, days)
  const curve = captureCurve(days.depthsMm)
  const answer = {
    depths: flags.ratio.map((ratio) => ({
      ratio,
      depthMm: thousandths(curve.depthOf(ratio / 100)),
    })),
    ratios: flags.depth.map((depthMm) => ({
      depthMm,
      ratio: thousandths(100 * curve.shareOf(depthMm)),
    })),
    from: flags.from,
    to: flags.to,
    years: days.years,
    yearsLeftOut: flags.without,
    daysKept: curve.days,
    sumMm: thousandths(curve.sumMm),
    daysMissing: days.daysMissing,
    missing: days.gaps.map(({ year, missing }) => ({ year, days: missing })),
    snow: days.snowDays === null ? 'not identifiable' : 'dropped',
    snowDays: days.snowDays,
    method: `days > ${CURVE_RULE.dropUpToMm} mm; ratio of H = sum(min(day, H)) / sum(day); linear between days (code appendix A.0.1 in a copy; symbols (unverified))`,
  }
  process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : asText(answer))
}

function yearsAsked({ from, to, without }: DesignRainFlags): readonly number[] {
  const years: number[] = []
  for (let year = from; year <= to; year++) if (!without.includes(year)) years.push(year)
  if (years.length >= CURVE_RULE.minYears) return years
  throw new CommandError(
    EXIT.badInput,
    `--from ${from} --to ${to}: ${years.length} years, but a curve rests on at least ${CURVE_RULE.minYears}`,
  )
}

function refuse(path: string, { from, to }: DesignRainFlags, days: CurveDays): void {
  if (days.refused.length > 0) {
    const named = days.refused.map(({ year, missing }) => `${year} (${missing} days missing)`)
    throw new CommandError(
      EXIT.badInput,
      `${path}: a year with more than ${CURVE_RULE.maxMissingDays} missing days cannot serve: ` +
        `${named.join(', ')}; choose other years than ${from} to ${to}, or leave these out with --without`,
    )
  }
  if (days.depthsMm.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      `${path}: no day of ${from} to ${to} has more than ${CURVE_RULE.dropUpToMm} mm; is the depth in mm?`,
    )
  }
}

interface Answer {
  readonly depths: readonly { readonly ratio: number; readonly depthMm: number }[]
  readonly ratios: readonly { readonly ratio: number; readonly depthMm: number }[]
  readonly years: number
  readonly daysKept: number
  readonly daysMissing: number
  readonly missing: readonly { readonly year: number; readonly days: number }[]
  readonly snow: string
}

function asText(answer: Answer): string {
  const table = textTable(
    [
      { title: 'ratio %', align: 'right', cell: ({ ratio }) => String(ratio) },
      { title: 'depth mm', align: 'right', cell: ({ depthMm }) => depthMm.toFixed(1) },
    ],
    [...answer.depths, ...answer.ratios],
  )
  const gaps = answer.missing.map(({ year, days }) => `${year}: ${days}`).join(', ')
  return (
    `${table}${answer.years} years, ${answer.daysKept} days kept, ` +
    `${answer.daysMissing} days missing${gaps === '' ? '' : ` (${gaps})`}; snow: ${answer.snow}\n`
  )
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}
