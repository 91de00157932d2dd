import { InvalidArgumentError, Option, type Command } from 'commander'
import { roundedDeep } from '../../domain/rounding.js'
import { dryWeather, type BaseFlowMethod } from '../../domain/runoff/base-flow.js'
import type { MeteredFlow } from '../../domain/runoff/event-runoff.js'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.js'
import { CommandError, EXIT } from '../exit.js'
import { flowRecord } from '../flow-record.js'
import { duration, durationOption, numberWithin, timeZone } from '../option-values.js'
import { readRainFile } from '../rain-file.js'
import {
  runoffRows,
  runoffTotals,
  type RunoffRow,
  type RunoffRule,
  type Site,
} from '../runoff-events.js'
import { readSeriesFile, type SeriesFile, type SeriesFileOptions } from '../series-file.js'
import { rainFlags, rainOptions, type RainFlags } from '../series-flags.js'
import { siteRegression } from '../solids-load.js'
import { textTable } from '../text-table.js'

/** Dry time before an hour of the dry-day pattern, h (recommended). */
const DRY_AFTER_H = 24

interface RunoffFlags extends RainFlags, RunoffRule {
  readonly rain: string
  readonly flow: string
  readonly bridge: number
  readonly upstream: readonly UpstreamFile[]
  readonly turbidity?: string
  readonly samples?: string
  readonly mean?: true
  readonly timeColumn?: string
  readonly rainColumn?: string
  readonly rainUnit?: string
  readonly flowColumn?: string
  readonly flowUnit?: string
  readonly zone?: string
  readonly skipFaulty?: true
  readonly json?: true
}

/** A file of inflow from outside, with the time it takes to the meter. */
interface UpstreamFile {
  readonly path: string
  readonly travelMs: number
}

/** `rainledger runoff`: storm runoff of one metered catchment, from two CSV files. */
export function runoffCommand(program: Command): void {
  const command = program
    .command('runoff')
    .summary('storm runoff, coefficient and control ratio from rain and flow files')
    .description(
      'Splits the rain into events and takes from the flow what ran above base flow until the recession\n' +
        'ends. Coefficient = runoff volume / rain volume; control ratio = 1 - coefficient. Sums are sums of\n' +
        'volumes, never means of ratios.',
    )
    .requiredOption('--rain <file>', 'CSV file with a time and a rain depth, also gzipped')
    .requiredOption('--flow <file>', 'CSV file with a time and a flow, also gzipped')
    .requiredOption(
      '--area-m2 <n>',
      'area that drains to the meter, m²',
      numberWithin('--area-m2', 1, 1e10),
    )
    .addOption(durationOption('--mit <duration>', 'inter-event time', '6h'))
    .option(
      '--min-depth <mm>',
      'events with more than this depth count',
      numberWithin('--min-depth', 0, 1000),
      2,
    )
    .addOption(
      new Option(
        '--base-flow <method>',
        'none; antecedent:H, the median of H hours before; dry-day-pattern, by hour of dry days',
      )
        .argParser(baseFlowMethod)
        .default({ method: 'antecedent', windowH: 3 } satisfies BaseFlowMethod, 'antecedent:3'),
    )
    .addOption(
      durationOption('--bridge <duration>', 'gaps of the flow up to this are bridged', '15m'),
    )
    .option(
      '--peak-share <share>',
      'runoff ends below base flow plus this share of the peak',
      numberWithin('--peak-share', 0, 0.5),
      0.05,
    )
    .addOption(
      durationOption(
        '--max-recession <duration>',
        'longest time after the rain that counts',
        '24h',
      ),
    )
    .option(
      '--upstream <file@travel>',
      'metered inflow from outside and its travel time, such as inlet.csv@10m; repeatable',
      upstreamFile,
      [],
    )
    .option('--turbidity <file>', 'CSV file of turbidity at the meter, for the load of solids')
    .option('--samples <file>', 'paired samples of the site: turbidity_ntu, ss_mg_l, event')
    .option('--mean', 'flows are means of the step that ends at their time, not instants')
    .option('--time-column <name>', 'column of the time in both files; the first one unless given')
    .option('--rain-column <name>', 'column of the depth; the next one unless given')
    .option('--rain-unit <code>', 'UCUM code of the depths')
    .option('--flow-column <name>', 'column of the flow; the next one unless given')
    .option('--flow-unit <code>', 'UCUM code of the flows, such as L/s')
    .option('--zone <zone>', 'zone or offset of times without an offset')
    .option(
      '--day-zone <zone>',
      'zone of the dry-day pattern’s hours',
      timeZone('--day-zone'),
      'Asia/Shanghai',
    )
    .option(
      '--skip-faulty',
      'leave out lines that cannot be read instead of stopping; their values are missing',
    )
    .option('--json', 'print one JSON document')
  rainFlags(command)
    .addHelpText('after', HELP)
    .action(async (flags: RunoffFlags) => {
      await printRunoff(flags)
    })
}

const HELP = `
Example:
  rainledger runoff --rain R.csv --flow Q.csv --flow-unit L/s --area-m2 12000 --json
  rainledger runoff --rain R.csv --flow Q.csv --area-m2 12000 --upstream inlet.csv@10m
  rainledger runoff --rain R.csv --flow Q.csv --area-m2 12000 --turbidity T.csv --samples S.csv

--json prints one object:
  rain, flow     what was read: timeColumn, valueColumn, unit, unitFrom, rows, missing, faultyLines,
                 repeatedRows, stepMin; rain: absent
  rule           areaM2, mitH, minDepthMm, baseFlow, bridgeMin, peakShare, maxRecessionH, mean
  regression     a, k, smearing, rSquared, pairs, events, range: SS = smearing·exp(a + k·ln NTU); null
  events[]       from, to, depthMm, rainM3, runoffTo, endedBy (recession, next-event, max-recession),
                 baseFlowM3s, volumeM3 (upstream taken off), upstreamM3, reverseM3, coefficient,
                 controlRatio, peakM3s, peakAt,
                 lagMin (start of the rain to the peak), rainState (incomplete: it may have been longer,
                 as at the ends of the file), rainCompleteness, flowCoverage,
                 use (used, or why not: rain-incomplete, flow-incomplete, base-flow-unknown),
                 solids (massKg, emcMgL, beyondSampled: of the whole flow by the regression, which supports
                 a result and never takes an accredited test's place; null: turbidity not known throughout),
                 remarks[] (a coefficient above 1 or below 0: external inflow, wrong area, blind gauge)
  totals         events, rainM3, volumeM3, coefficient, controlRatio, solidsKg: of the events used;
                 rainShareUsed: their share of the rain of all events

Exit codes: 0 done; 1 a coefficient is not plausible; 2 bad usage or file.`

function baseFlowMethod(text: string): BaseFlowMethod {
  if (text === 'none') return { method: 'none' }
  if (text === 'dry-day-pattern') {
    return { method: 'dry-day-pattern', dryAfterH: DRY_AFTER_H, weekends: 'apart' }
  }
  const [, hours] = /^antecedent:(\d+(?:\.\d+)?)$/.exec(text) ?? []
  const windowH = Number(hours)
  if (windowH > 0 && windowH <= 240) return { method: 'antecedent', windowH }
  throw new InvalidArgumentError('--base-flow takes none, antecedent:3 or dry-day-pattern.')
}

async function printRunoff(flags: RunoffFlags): Promise<void> {
  const shared = {
    ...(flags.timeColumn === undefined ? {} : { timeColumn: flags.timeColumn }),
    ...(flags.zone === undefined ? {} : { zone: flags.zone }),
    skipFaulty: flags.skipFaulty === true,
  }
  const rain = await readRainFile(flags.rain, {
    ...shared,
    ...rainOptions(flags),
    ...(flags.rainColumn === undefined ? {} : { valueColumn: flags.rainColumn }),
    ...(flags.rainUnit === undefined ? {} : { unit: flags.rainUnit }),
  })
  const flowOptions = {
    ...shared,
    quantity: 'flow' as const,
    ...(flags.flowColumn === undefined ? {} : { valueColumn: flags.flowColumn }),
    ...(flags.flowUnit === undefined ? {} : { unit: flags.flowUnit }),
  }
  const flow = await readSeriesFile(flags.flow, flowOptions)
  const metered = (file: Pick<SeriesFile, 'series' | 'stepMs'>): MeteredFlow => {
    const record = flowRecord(file, { mean: flags.mean === true, bridgeMs: flags.bridge })
    const dry =
      flags.baseFlow.method === 'dry-day-pattern'
        ? dryWeather(record, rain.record, flags.baseFlow.dryAfterH * HOUR_MS)
        : new Uint8Array(0)
    return { record, dry }
  }
  const inflows = await Promise.all(
    flags.upstream.map(async ({ path, travelMs }) => {
      const file = await readSeriesFile(path, flowOptions)
      return {
        travelMs,
        about: { file: path, travelMin: travelMs / MINUTE_MS, ...file.about },
        file,
      }
    }),
  )
  const site: Site = {
    flow: metered(flow),
    upstream: inflows.map(({ travelMs, file }) => ({ ...metered(file), travelMs })),
    solids: await solidsOf(flags, shared),
  }
  const events = runoffRows(rain.record, site, flags)
  if (events.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      `${flags.rain}: no event of more than ${flags.minDepth} mm; is the unit right (${rain.about.unit}, ${rain.about.unitFrom})?`,
    )
  }
  const answer = {
    rain: rain.about,
    flow: flow.about,
    upstream: inflows.map(({ about }) => about),
    regression: site.solids?.regression ?? null,
    rule: {
      areaM2: flags.areaM2,
      mitH: flags.mit / HOUR_MS,
      minDepthMm: flags.minDepth,
      baseFlow: flags.baseFlow,
      bridgeMin: flags.bridge / MINUTE_MS,
      peakShare: flags.peakShare,
      maxRecessionH: flags.maxRecession / HOUR_MS,
      mean: flags.mean === true,
    },
    events,
    totals: runoffTotals(events),
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(roundedDeep(answer))}\n`
      : asText(events, answer.totals),
  )
  if (events.some(({ use, remarks }) => use === 'used' && remarks.length > 0)) process.exitCode = 1
}

async function solidsOf(
  { turbidity, samples, bridge, mean }: RunoffFlags,
  shared: Omit<SeriesFileOptions, 'quantity'>,
): Promise<Site['solids']> {
  if (turbidity === undefined && samples === undefined) return null
  if (turbidity === undefined || samples === undefined) {
    throw new CommandError(
      EXIT.badInput,
      'a load wants both --turbidity and --samples: coefficients hold for one site only',
    )
  }
  const file = await readSeriesFile(turbidity, { ...shared, quantity: 'turbidity' })
  return {
    turbidity: flowRecord(file, { mean: mean === true, bridgeMs: bridge }),
    regression: await siteRegression(samples),
  }
}

function upstreamFile(text: string, before: readonly UpstreamFile[]): readonly UpstreamFile[] {
  const at = text.lastIndexOf('@')
  if (at < 1) throw new InvalidArgumentError('--upstream takes FILE@TRAVEL, such as inlet.csv@10m.')
  const travel = text.slice(at + 1)
  const travelMs = /^0(s|m|min|h)?$/.test(travel) ? 0 : duration('the travel time')(travel)
  return [...before, { path: text.slice(0, at), travelMs }]
}

function asText(events: readonly RunoffRow[], totals: ReturnType<typeof runoffTotals>): string {
  const table = textTable(
    [
      { title: 'from (UTC)', align: 'left', cell: ({ from }) => from },
      { title: 'mm', align: 'right', cell: (event) => event.depthMm.toFixed(1) },
      { title: 'rain m³', align: 'right', cell: ({ rainM3 }) => rainM3.toFixed(1) },
      { title: 'runoff m³', align: 'right', cell: ({ volumeM3 }) => volumeM3?.toFixed(1) ?? '-' },
      { title: 'coeff.', align: 'right', cell: (event) => event.coefficient?.toFixed(3) ?? '-' },
      { title: 'peak L/s', align: 'right', cell: (e) => litres(e.peakM3s) },
      { title: 'lag min', align: 'right', cell: ({ lagMin }) => lagMin?.toFixed(0) ?? '-' },
      {
        title: 'solids kg',
        align: 'right',
        cell: ({ solids }) => solids?.massKg.toFixed(2) ?? '-',
      },
      { title: 'use', align: 'left', cell: ({ use, remarks }) => [use, ...remarks].join('; ') },
    ],
    events,
  )
  const ratio = totals.controlRatio === null ? '-' : (100 * totals.controlRatio).toFixed(1)
  return (
    `${table}${totals.events} of ${events.length} events: rain ${totals.rainM3.toFixed(0)} m³, ` +
    `runoff ${totals.volumeM3.toFixed(0)} m³, control ratio ${ratio} %\n`
  )
}

function litres(flowM3s: number | null): string {
  return flowM3s === null ? '-' : (flowM3s * 1000).toFixed(1)
}
