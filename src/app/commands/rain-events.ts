import { Option, type Command } from 'commander'
import { localTime } from '../../domain/local-time.js'
import { DAY_START_HOUR, rainDays, type DayKind } from '../../domain/rain/rain-days.js'
import { DURATIONS_MIN, durationDepths } from '../../domain/rain/greatest-depth.js'
import { rainGrade } from '../../domain/rain/rain-grade.js'
import { depthMm, type RainRecord } from '../../domain/rain/rain-record.js'
import { rainEvents, type RainEvent } from '../../domain/rain/rain-events.js'
import { rainTotal } from '../../domain/rain/rain-total.js'
import { roundedDeep } from '../../domain/rounding.js'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.js'
import { durationOption, numberWithin, timeZone } from '../option-values.js'
import { readRainFile } from '../rain-file.js'
import {
  ABOUT_HELP,
  rainFlags,
  rainOptions,
  seriesFlags,
  seriesOptions,
  type RainFlags,
  type SeriesFlags,
} from '../series-flags.js'
import { textTable } from '../text-table.js'

/** Inter-event times whose effect is always shown, h (standards sheet 11: 6 h, sensitivity at 2 and 12 h). */
const SENSITIVITY_H = [2, 6, 12] as const

interface RainEventsFlags extends SeriesFlags, RainFlags {
  readonly mit: number
  readonly minDepth: number
  readonly weiss?: true
  readonly day: DayKind
  readonly dayZone: string
}

/** `rainledger rain-events`: independent rain events of a CSV file. */
export function rainEventsCommand(program: Command): void {
  const command = program
    .command('rain-events')
    .summary('independent rain events, greatest depths and days of a CSV file')
    .description(
      'Splits a rain record into independent events: two wet spans belong to different events when the\n' +
        'dry time between them, from the end of one to the start of the next, is at least the\n' +
        'inter-event time. Each row is the depth of the step that ends at its time.',
    )
    .argument('<file>', 'CSV file with a time and a depth, also gzipped')
    .addOption(durationOption('--mit <duration>', 'inter-event time', '6h'))
    .option(
      '--min-depth <mm>',
      'leave out events below this depth',
      numberWithin('--min-depth', 0, 1000),
      0,
    )
    .option('--weiss', 'correct greatest depths for the fixed clock: times n/(n - 0.125), n steps')
    .addOption(
      new Option('--day <kind>', 'where a day begins: 0, 8 or 20 o’clock')
        .choices(Object.keys(DAY_START_HOUR))
        .default('calendar'),
    )
    .option('--day-zone <zone>', 'zone of the days', timeZone('--day-zone'), 'Asia/Shanghai')
  rainFlags(seriesFlags(command))
    .addHelpText('after', HELP)
    .action(async (file: string, flags: RainEventsFlags) => {
      await printRainEvents(file, flags)
    })
}

const HELP = `
Example:
  rainledger rain-events gauge.csv.gz --mit 6h --min-depth 2 --json

--json prints one object:
${ABOUT_HELP}, absent (dry or missing)
  from, to       the record, ISO 8601 UTC; totalMm; coverage (share of it with a valid record)
  mitH, minDepthMm
  events[]       from, to, fromMs, toMs, durationMin, depthMm, meanIntensityMmH,
                 max5Mm, max15Mm, max30Mm, max60Mm (null: the steps are too long to tell),
                 antecedentDryH (null: not known), completeness (0 to 1), state (complete, or
                 incomplete: a missing stretch longer than the inter-event time touches it)
  leftOut        events, depthMm: below --min-depth
  sensitivity[]  mitH (2, 6, 12), events, of the same least depth
  depths[]       durationMin, depthMm, factor: the greatest depth of each duration
  correction     "none" or "weiss (unverified)"
  days[]         date, from, to, depthMm, coverage, grade (GB/T 28592-2012; null below 0.1 mm)
  dayKind        calendar, hydrological or meteorological
  gradesSource   where the bounds of the grades come from

Exit codes: 0 done; 2 bad usage or file.`

async function printRainEvents(path: string, flags: RainEventsFlags): Promise<void> {
  const { record, stepMs, about } = await readRainFile(path, {
    ...seriesOptions(flags),
    ...rainOptions(flags),
  })
  const all = rainEvents(record, flags.mit)
  const kept = all.filter((event) => isDeep(event, flags.minDepth))
  const leftOut = all.filter((event) => !isDeep(event, flags.minDepth))
  const { knownMs, depthPm } = rainTotal(record, record.window)
  const weiss = flags.weiss === true ? 'weiss' : 'none'
  const answer = {
    about,
    from: iso(record.window.fromMs),
    to: iso(record.window.toMs),
    totalMm: depthMm(depthPm),
    coverage: knownMs / (record.window.toMs - record.window.fromMs),
    mitH: flags.mit / HOUR_MS,
    minDepthMm: flags.minDepth,
    events: kept.map(eventRow),
    leftOut: {
      events: leftOut.length,
      depthMm: depthMm(leftOut.reduce((sum, event) => sum + event.depthPm, 0)),
    },
    sensitivity: SENSITIVITY_H.map((mitH) => ({ mitH, events: count(record, mitH, flags) })),
    depths: durationDepths(record, DURATIONS_MIN, stepMs, weiss),
    correction: weiss === 'weiss' ? 'weiss (unverified)' : 'none',
    days: rainDays(record, flags.day, localTime(flags.dayZone)).map((day) => ({
      date: day.date,
      from: iso(day.fromMs),
      to: iso(day.toMs),
      depthMm: day.depthMm,
      coverage: day.coverage,
      grade: rainGrade(day.depthMm, 24),
    })),
    dayKind: flags.day,
    gradesSource: 'GB/T 28592-2012; light, moderate and heavy rain (unverified)',
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(roundedDeep(answer))}\n` : asText(answer),
  )
}

function isDeep(event: RainEvent, minDepthMm: number): boolean {
  return depthMm(event.depthPm) >= minDepthMm
}

function count(record: RainRecord, mitH: number, flags: RainEventsFlags): number {
  return rainEvents(record, mitH * HOUR_MS).filter((event) => isDeep(event, flags.minDepth)).length
}

function eventRow(event: RainEvent) {
  const durationMs = event.toMs - event.fromMs
  const mm = depthMm(event.depthPm)
  return {
    from: iso(event.fromMs),
    to: iso(event.toMs),
    fromMs: event.fromMs,
    toMs: event.toMs,
    durationMin: durationMs / MINUTE_MS,
    depthMm: mm,
    meanIntensityMmH: (mm * HOUR_MS) / durationMs,
    max5Mm: event.max5Mm,
    max15Mm: event.max15Mm,
    max30Mm: event.max30Mm,
    max60Mm: event.max60Mm,
    antecedentDryH: event.antecedentDryMs === null ? null : event.antecedentDryMs / HOUR_MS,
    completeness: event.completeness,
    state: event.state,
  }
}

function asText(answer: {
  readonly totalMm: number
  readonly coverage: number
  readonly mitH: number
  readonly events: readonly ReturnType<typeof eventRow>[]
  readonly sensitivity: readonly { readonly mitH: number; readonly events: number }[]
}): string {
  const table = textTable(
    [
      { title: 'from (UTC)', align: 'left', cell: ({ from }) => from },
      { title: 'h', align: 'right', cell: ({ durationMin }) => (durationMin / 60).toFixed(2) },
      { title: 'mm', align: 'right', cell: (event) => event.depthMm.toFixed(1) },
      { title: 'max 60 min', align: 'right', cell: ({ max60Mm }) => max60Mm?.toFixed(1) ?? '-' },
      { title: 'dry h', align: 'right', cell: (e) => e.antecedentDryH?.toFixed(1) ?? '-' },
      { title: 'state', align: 'left', cell: ({ state }) => state },
    ],
    answer.events,
  )
  const others = answer.sensitivity.map(({ mitH, events }) => `${mitH} h: ${events}`).join(', ')
  return (
    `${table}${answer.events.length} events at ${answer.mitH} h (${others}); ` +
    `${answer.totalMm.toFixed(1)} mm, coverage ${(100 * answer.coverage).toFixed(1)} %\n`
  )
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
