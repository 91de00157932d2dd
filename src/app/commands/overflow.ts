import { InvalidArgumentError, type Command } from 'commander'
import { KNOWN, type StateRecord } from '../../domain/state-record.js'
import { roundedDeep } from '../../domain/rounding.js'
import {
  overflowControlRatio,
  overflowEvents,
  type OverflowEvent,
} from '../../domain/runoff/overflow.js'
import { weirFlow, type Weir } from '../../domain/runoff/weir.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.js'
import { flowRecord } from '../flow-record.js'
import { durationOption, numberWithin } from '../option-values.js'
import { readSeriesFile, type SeriesFile } from '../series-file.js'
import { ABOUT_HELP, seriesFlags, seriesOptions, type SeriesFlags } from '../series-flags.js'
import { textTable } from '../text-table.js'

/** Volume control ratio that each outlet keeps (GB/T 51345-2018 as read in S9). */
const CONTROL_MIN = 0.5
const YEAR_DAYS = 365.25

interface OverflowFlags extends SeriesFlags {
  readonly threshold: number
  readonly separation: number
  readonly bridge: number
  readonly weir?: Weir
  readonly withoutMeasuresM3?: number
  readonly treatedM3: number
  readonly mean?: true
}

/** `rainledger overflow`: how often and how much a combined sewer overflowed, from a CSV file. */
export function overflowCommand(program: Command): void {
  const command = program
    .command('overflow')
    .summary('overflow events of a combined sewer, from a file of flows or of levels at a weir')
    .description(
      'Finds the times that an outlet overflowed: flow above the threshold, pauses shorter than the\n' +
        'separation joined (recommended). Levels become flows by a surveyed broad-crested weir.',
    )
    .argument('<file>', 'CSV file with a time and a flow (or, with --weir, a level), also gzipped')
    .option(
      '--threshold <m3s>',
      'it overflows above this flow, m³/s',
      numberWithin('--threshold', 0, 1e4),
      0,
    )
    .addOption(
      durationOption('--separation <duration>', 'dry time that separates two events', '6h'),
    )
    .addOption(durationOption('--bridge <duration>', 'gaps up to this are bridged', '15m'))
    .option(
      '--weir <crest:width:coefficient>',
      'the file has levels in m; crest (m, same datum), width (m), coefficient 0.2 to 0.6 (a broad crest: 0.32 to 0.385)',
      weirOf,
    )
    .option(
      '--without-measures-m3 <n>',
      'overflow of a year without measures (by a model, or before), for the control ratio',
      numberWithin('--without-measures-m3', 1e-9, 1e12),
    )
    .option(
      '--treated-m3 <n>',
      'part of the overflow that was treated, m³',
      numberWithin('--treated-m3', 0, 1e12),
      0,
    )
    .option('--mean', 'values are means of the step that ends at their time, not instants')
  seriesFlags(command)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: OverflowFlags) => {
      await printOverflow(file, flags)
    })
}

const HELP = `
Examples:
  rainledger overflow cso.csv --unit L/s --without-measures-m3 18000 --json
  rainledger overflow chamber_level.csv --weir 3.42:2.5:0.36 --threshold 0 --json

--json prints one object:
${ABOUT_HELP}
  rule           thresholdM3s, separationH, bridgeMin, weir (crestM, widthM, coefficient) or null
  events[]       from, to, durationMin, volumeM3, peakM3s,
                 state (hole: flow is missing within or beside it, so the volume is a lower bound)
  totals         events, volumeM3, durationMin, days (length of the record), coverage (share of it with
                 known flow), eventsPerYear (null for a record shorter than a year or not covered to 90 %)
  control        withoutMeasuresM3, treatedM3, untreatedM3, ratio, min (0.5, GB/T 51345-2018 as read
                 in S9; the definition of the ratio is (unverified)), meets; null without
                 --without-measures-m3; ratio and meets are null unless a year is covered to 90 %

Submerged weirs are not told here: the tailwater is not in the file, and the flow is an upper bound then.

Exit codes: 0 done; 1 the control ratio is below its minimum; 2 bad usage or file.`

function weirOf(text: string): Weir {
  const [crestM = Number.NaN, widthM = Number.NaN, coefficient = Number.NaN, ...more] = text
    .split(':')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const isSound = Number.isFinite(crestM) && widthM > 0 && coefficient >= 0.2 && coefficient <= 0.6
  if (isSound && more.length === 0) return { crestM, widthM, coefficient }
  throw new InvalidArgumentError(
    '--weir takes crest:width:coefficient in m, such as 3.42:2.5:0.36.',
  )
}

async function printOverflow(path: string, flags: OverflowFlags): Promise<void> {
  const { weir } = flags
  const file = await readSeriesFile(path, {
    ...seriesOptions(flags),
    quantity: weir === undefined ? 'flow' : 'level',
  })
  const record = flowRecord(weir === undefined ? file : overWeir(file, weir), {
    mean: flags.mean === true,
    bridgeMs: flags.bridge,
  })
  const events = overflowEvents(record, {
    thresholdM3s: flags.threshold,
    separationMs: flags.separation,
  })
  const totals = totalsOf(record, events)
  const answer = {
    about: file.about,
    rule: {
      thresholdM3s: flags.threshold,
      separationH: flags.separation / HOUR_MS,
      bridgeMin: flags.bridge / MINUTE_MS,
      weir: weir ?? null,
    },
    events: events.map(({ fromMs, toMs, volumeM3, peakM3s, state }) => ({
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      durationMin: (toMs - fromMs) / MINUTE_MS,
      ...{ volumeM3, peakM3s, state },
    })),
    totals,
    control: controlOf(flags, totals),
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(roundedDeep(answer))}\n` : asText(answer),
  )
  if (answer.control?.meets === false) process.exitCode = 1
}

/** Levels before a weir as the flow over it. */
function overWeir(file: SeriesFile, weir: Weir): SeriesFile {
  const values = file.series.values.map((levelM) =>
    Number.isNaN(levelM) ? levelM : weirFlow(weir, levelM, null).flowM3s,
  )
  return { ...file, series: { ...file.series, values } }
}

function totalsOf(record: StateRecord, events: readonly OverflowEvent[]) {
  const days = ((record.toMs.at(-1) ?? 0) - (record.fromMs[0] ?? 0)) / DAY_MS
  const knownMs = record.known.reduce(
    (sum, known, i) =>
      known === KNOWN.missing ? sum : sum + (record.toMs[i] ?? 0) - (record.fromMs[i] ?? 0),
    0,
  )
  const coverage = days === 0 ? 0 : knownMs / (days * DAY_MS)
  const isYear = days >= 365 && coverage >= 0.9
  return {
    events: events.length,
    volumeM3: events.reduce((sum, { volumeM3 }) => sum + volumeM3, 0),
    durationMin: events.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs), 0) / MINUTE_MS,
    days,
    coverage,
    eventsPerYear: isYear ? (events.length * YEAR_DAYS) / days : null,
  }
}

type Totals = ReturnType<typeof totalsOf>

function controlOf(flags: OverflowFlags, totals: Totals) {
  const { withoutMeasuresM3, treatedM3 } = flags
  if (withoutMeasuresM3 === undefined) return null
  const untreatedM3 = Math.max(0, totals.volumeM3 - treatedM3)
  const perYear = totals.eventsPerYear === null ? null : (untreatedM3 * YEAR_DAYS) / totals.days
  const ratio = perYear === null ? null : overflowControlRatio(withoutMeasuresM3, perYear)
  return {
    withoutMeasuresM3,
    treatedM3,
    untreatedM3,
    ratio,
    min: CONTROL_MIN,
    meets: ratio === null ? null : ratio >= CONTROL_MIN,
  }
}

function asText({
  events,
  totals,
  control,
}: {
  readonly events: readonly {
    readonly from: string
    readonly durationMin: number
    readonly volumeM3: number
    readonly peakM3s: number
    readonly state: string
  }[]
  readonly totals: Totals
  readonly control: ReturnType<typeof controlOf>
}): string {
  const table = textTable(
    [
      { title: 'from (UTC)', align: 'left', cell: ({ from }) => from },
      { title: 'min', align: 'right', cell: (event) => event.durationMin.toFixed(0) },
      { title: 'm³', align: 'right', cell: ({ volumeM3 }) => volumeM3.toFixed(1) },
      { title: 'peak L/s', align: 'right', cell: ({ peakM3s }) => (1000 * peakM3s).toFixed(1) },
      { title: 'state', align: 'left', cell: ({ state }) => state },
    ],
    events,
  )
  const ratio =
    control === null
      ? ''
      : control.ratio === null
        ? '; control ratio not told: no whole year with 90 % of known flow'
        : `; control ratio ${(100 * control.ratio).toFixed(1)} % (unverified), at least 50 %`
  return (
    `${table}${totals.events} overflows, ${totals.volumeM3.toFixed(1)} m³ in ${totals.days.toFixed(1)} days, ` +
    `flow known ${(100 * totals.coverage).toFixed(1)} %${ratio}\n`
  )
}
