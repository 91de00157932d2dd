import { Option, type Command } from 'commander'
import {
  pondingEvents,
  type MaximumStatistic,
  type PondingEvent,
} from '../../domain/ponding/ponding-events.js'
import { pondingTimes } from '../../domain/ponding/ponding-times.js'
import { rainEnd } from '../../domain/ponding/rain-end.js'
import { clockAligned, rainSteps } from '../../domain/rain/hyetograph.js'
import type { RainRecord } from '../../domain/rain/rain-record.js'
import { roundedDeep } from '../../domain/rounding.js'
import { JUDGED } from '../../domain/selection.js'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.js'
import { duration, durationOption, numberWithin, wholeNumber } from '../option-values.js'
import { readRainFile } from '../rain-file.js'
import { readSeriesFile } from '../series-file.js'
import { ABOUT_HELP, seriesFlags, seriesOptions, type SeriesFlags } from '../series-flags.js'
import { textTable } from '../text-table.js'

/** When rain has ended (standards sheet 7.9, recommended). */
const RAIN_END = { wetAboveMm: 0.1, dryMs: 30 * MINUTE_MS, reachMs: 6 * HOUR_MS }
const RAIN_STEP_MS = 5 * MINUTE_MS

/** Readings further apart than this many median steps leave a hole. */
const HOLE_STEPS = 3

interface PondingFlags extends SeriesFlags {
  readonly threshold: number
  readonly startReadings: number
  readonly endHold: number
  readonly maximum: MaximumStatistic
  readonly maxGap?: number
  readonly depthLimit: number
  readonly recessionLimit: number
  readonly rain?: string
  readonly rainColumn?: string
  readonly rainUnit?: string
}

/** `rainledger ponding`: the times that water stood, from a CSV file. */
export function pondingCommand(program: Command): void {
  const command = program
    .command('ponding')
    .summary('ponding events of a CSV file of water depths on a street')
    .description(
      'Finds the times that water stood. A ponding starts with the first of several consecutive readings\n' +
        'at or above the threshold and ends with the first reading below it that no reading at or above\n' +
        'follows for the end hold. The defaults are recommended, no rule fixes them.',
    )
    .argument('<file>', 'CSV file with a time and a depth, also gzipped')
    .option(
      '--threshold <mm>',
      'depth at which water stands; 0: every reading',
      numberWithin('--threshold', 0, 500),
      30,
    )
    .option(
      '--start-readings <n>',
      'consecutive readings that begin it',
      wholeNumber('--start-readings', 1, 60),
      2,
    )
    .addOption(durationOption('--end-hold <duration>', 'time below that ends it', '10m'))
    .addOption(
      new Option(
        '--maximum <statistic>',
        '95th percentile of the readings in the peak 5 min, or the highest',
      )
        .choices(['p95-of-5-min', 'raw'])
        .default('p95-of-5-min'),
    )
    .option(
      '--max-gap <duration>',
      `longest time between readings; ${HOLE_STEPS} median steps unless given`,
      duration('--max-gap'),
    )
    .option('--depth-limit <mm>', 'more is too deep', numberWithin('--depth-limit', 0, 2000), 150)
    .addOption(
      durationOption('--recession-limit <duration>', 'longer after the rain is too long', '30m'),
    )
    .option('--rain <file>', 'CSV file of the nearest gauge, for the recession after the rain')
    .option('--rain-column <name>', 'column of its depth; the second one unless given')
    .option('--rain-unit <code>', 'UCUM code of its depths')
  seriesFlags(command)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: PondingFlags) => {
      await printPonding(file, flags)
    })
}

const HELP = `
Example:
  rainledger ponding street.csv --column depth_mm --rain gauge.csv --json

--json prints one object:
${ABOUT_HELP}
  rule           thresholdMm, startReadings, endHoldMin, maximum, maxGapMin, depthLimitMm (15 cm in
                 one lane), recessionLimitMin (unverified), source
  events[]       from, to, fromMs, toMs, maxMm, rawMaxMm, peakAt, onsetMin (start to highest reading),
                 drainMin (highest reading to end), durationMin, readings,
                 state (complete; hole: readings are missing in it; going-on: the file ends before it),
                 rain (rain, no-rain, unknown; null without --rain), rainEnd, recessionMin,
                 tooDeep, tooLong (null: not known)
  tooFew[]       at, depthMm: readings at the threshold that were too few to begin a ponding

Exit codes: 0 done; 1 a ponding was too deep or too long; 2 bad usage or file.`

async function printPonding(path: string, flags: PondingFlags): Promise<void> {
  const { series, stepMs, about } = await readSeriesFile(path, {
    ...seriesOptions(flags),
    quantity: 'ponding_depth',
  })
  const rain = await gaugeOf(flags)
  const rule = {
    thresholdMm: flags.threshold,
    startReadings: flags.startReadings,
    endBelowMs: flags.endHold,
    maximum: flags.maximum,
    expectedMs: flags.maxGap ?? HOLE_STEPS * stepMs,
  }
  const findings = pondingEvents(series, rule, JUDGED)
  const events = findings.events.map((event) => eventRow(event, rain, flags))
  const answer = {
    about,
    rule: {
      thresholdMm: rule.thresholdMm,
      startReadings: rule.startReadings,
      endHoldMin: rule.endBelowMs / MINUTE_MS,
      maximum: rule.maximum,
      maxGapMin: rule.expectedMs / MINUTE_MS,
      depthLimitMm: flags.depthLimit,
      recessionLimitMin: flags.recessionLimit / MINUTE_MS,
      source:
        'depth limit: GB 50014, 15 cm in one lane (press notes); recession limit: GB/T 51345-2018 (unverified); the rest recommended',
    },
    events,
    tooFew: findings.tooFew.map(({ atMs, depthMm }) => ({ at: iso(atMs), depthMm })),
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(roundedDeep(answer))}\n` : asText(events),
  )
  if (events.some(({ tooDeep, tooLong }) => tooDeep || tooLong === true)) process.exitCode = 1
}

async function gaugeOf(flags: PondingFlags): Promise<RainRecord | null> {
  if (flags.rain === undefined) return null
  const { record } = await readRainFile(flags.rain, {
    ...(flags.rainColumn === undefined ? {} : { valueColumn: flags.rainColumn }),
    ...(flags.rainUnit === undefined ? {} : { unit: flags.rainUnit }),
    ...(flags.zone === undefined ? {} : { zone: flags.zone }),
    skipFaulty: flags.skipFaulty === true,
    absent: 'auto',
  })
  return record
}

function eventRow(event: PondingEvent, rain: RainRecord | null, flags: PondingFlags) {
  const { onsetMs, drainMs, durationMs } = pondingTimes(event)
  const around = { fromMs: event.fromMs - DAY_MS, toMs: event.toMs + DAY_MS }
  const end =
    rain === null
      ? null
      : rainEnd(
          rainSteps(rain, clockAligned(around, RAIN_STEP_MS, 0), RAIN_STEP_MS),
          event,
          RAIN_END,
        )
  const endMs = end?.found === 'rain' ? end.endMs : null
  const recessionMs = endMs === null ? null : Math.max(0, event.toMs - endMs)
  return {
    from: iso(event.fromMs),
    to: iso(event.toMs),
    fromMs: event.fromMs,
    toMs: event.toMs,
    maxMm: event.maxMm,
    rawMaxMm: event.rawMaxMm,
    peakAt: iso(event.peakAtMs),
    onsetMin: onsetMs / MINUTE_MS,
    drainMin: drainMs / MINUTE_MS,
    durationMin: durationMs / MINUTE_MS,
    readings: event.readings,
    state: event.state,
    rain: end?.found ?? null,
    rainEnd: endMs === null ? null : iso(endMs),
    recessionMin: recessionMs === null ? null : recessionMs / MINUTE_MS,
    tooDeep: event.maxMm > flags.depthLimit,
    tooLong: recessionMs === null ? null : recessionMs > flags.recessionLimit,
  }
}

function asText(events: readonly ReturnType<typeof eventRow>[]): string {
  const table = textTable(
    [
      { title: 'from (UTC)', align: 'left', cell: ({ from }) => from },
      { title: 'max mm', align: 'right', cell: ({ maxMm }) => maxMm.toFixed(0) },
      { title: 'onset min', align: 'right', cell: ({ onsetMin }) => onsetMin.toFixed(1) },
      { title: 'drain min', align: 'right', cell: ({ drainMin }) => drainMin.toFixed(1) },
      { title: 'min', align: 'right', cell: ({ durationMin }) => durationMin.toFixed(1) },
      {
        title: 'after rain min',
        align: 'right',
        cell: ({ recessionMin }) => recessionMin?.toFixed(1) ?? '-',
      },
      {
        title: 'limits',
        align: 'left',
        cell: ({ tooDeep, tooLong }) =>
          [tooDeep ? 'too deep' : '', tooLong === true ? 'too long' : '']
            .filter(Boolean)
            .join(', '),
      },
    ],
    events,
  )
  return `${table}${events.length} pondings\n`
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
