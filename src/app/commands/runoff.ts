import { InvalidArgumentError, type Command } from 'commander'
import { localTime, type LocalTime } from '../../domain/local-time.js'
import { depthMm, type RainRecord } from '../../domain/rain/rain-record.js'
import { rainEvents, type RainEvent } from '../../domain/rain/rain-events.js'
import { roundedDeep } from '../../domain/rounding.js'
import { dryWeather, type BaseFlowMethod } from '../../domain/runoff/base-flow.js'
import { eventRunoff, type MeteredFlow } from '../../domain/runoff/event-runoff.js'
import { rainVolumeM3, runoffCoefficient } from '../../domain/runoff/runoff-coefficient.js'
import { JUDGED } from '../../domain/selection.js'
import { stateRecord } from '../../domain/state-record.js'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.js'
import { CommandError, EXIT } from '../exit.js'
import { duration, numberWithin } from '../option-values.js'
import { readRainFile } from '../rain-file.js'
import { readSeriesFile } from '../series-file.js'
import { rainFlags, rainOptions, type RainFlags } from '../series-flags.js'
import { textTable } from '../text-table.js'

/** Share of an event's rain and runoff time with a valid record that it needs to count (recommended). */
const EVENT_COVERAGE = 0.95

/** Dry time before an hour of the dry-day pattern, h (recommended). */
const DRY_AFTER_H = 24

interface RunoffFlags extends RainFlags {
  readonly rain: string
  readonly flow: string
  readonly areaM2: number
  readonly mit: number
  readonly minDepth: number
  readonly baseFlow: BaseFlowMethod
  readonly bridge: number
  readonly peakShare: number
  readonly maxRecession: number
  readonly mean?: true
  readonly timeColumn?: string
  readonly rainColumn?: string
  readonly rainUnit?: string
  readonly flowColumn?: string
  readonly flowUnit?: string
  readonly zone?: string
  readonly dayZone: string
  readonly skipFaulty?: true
  readonly json?: true
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
    .option('--mit <duration>', 'inter-event time', duration('--mit'), 6 * HOUR_MS)
    .option(
      '--min-depth <mm>',
      'events with more than this depth count',
      numberWithin('--min-depth', 0, 1000),
      2,
    )
    .option(
      '--base-flow <method>',
      'none; antecedent:H, the median of H hours before; dry-day-pattern, by hour of dry days',
      baseFlowMethod,
      { method: 'antecedent', windowH: 3 } satisfies BaseFlowMethod,
    )
    .option(
      '--bridge <duration>',
      'gaps of the flow up to this are bridged',
      duration('--bridge'),
      15 * MINUTE_MS,
    )
    .option(
      '--peak-share <share>',
      'runoff ends below base flow plus this share of the peak',
      numberWithin('--peak-share', 0, 0.5),
      0.05,
    )
    .option(
      '--max-recession <duration>',
      'longest time after the rain that counts',
      duration('--max-recession'),
      24 * HOUR_MS,
    )
    .option('--mean', 'flows are means of the step that ends at their time, not instants')
    .option('--time-column <name>', 'column of the time in both files; the first one unless given')
    .option('--rain-column <name>', 'column of the depth; the next one unless given')
    .option('--rain-unit <code>', 'UCUM code of the depths')
    .option('--flow-column <name>', 'column of the flow; the next one unless given')
    .option('--flow-unit <code>', 'UCUM code of the flows, such as L/s')
    .option('--zone <zone>', 'zone or offset of times without an offset')
    .option('--day-zone <zone>', 'zone of the dry-day pattern’s hours', 'Asia/Shanghai')
    .option('--skip-faulty', 'leave out lines that cannot be read instead of stopping')
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

--json prints one object:
  rain, flow     what was read: timeColumn, valueColumn, unit, unitFrom, rows, missing, faultyLines,
                 repeatedRows, stepMin; rain: absent
  rule           areaM2, mitH, minDepthMm, baseFlow, bridgeMin, peakShare, maxRecessionH, mean
  events[]       from, to, depthMm, rainM3, runoffTo, endedBy (recession, next-event, max-recession),
                 baseFlowM3s, volumeM3, reverseM3, coefficient, controlRatio, peakM3s, peakAt,
                 lagMin (start of the rain to the peak), rainState (incomplete: it may have been longer,
                 as at the ends of the file), rainCompleteness, flowCoverage,
                 use (used, or why not: rain-incomplete, flow-incomplete, base-flow-unknown),
                 remarks[] (a coefficient above 1 or below 0: external inflow, wrong area, blind gauge)
  totals         events, rainM3, volumeM3, coefficient, controlRatio: of the events used;
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
  const flow = await readSeriesFile(flags.flow, {
    ...shared,
    quantity: 'flow',
    ...(flags.flowColumn === undefined ? {} : { valueColumn: flags.flowColumn }),
    ...(flags.flowUnit === undefined ? {} : { unit: flags.flowUnit }),
  })
  const { atMs } = flow.series
  const record = stateRecord(
    { ...flow.series, spanMs: flow.series.spanMs.map(() => (flags.mean ? flow.stepMs : 0)) },
    {
      kind: flags.mean ? { type: 'interval-mean' } : { type: 'instant' },
      reporting: { type: 'periodic', intervalS: flow.stepMs / SECOND_MS },
    },
    { fromMs: (atMs[0] ?? 0) - (flags.mean ? flow.stepMs : 0), toMs: atMs.at(-1) ?? 0 },
    { selection: JUDGED, bridgeMs: flags.bridge },
  )
  const dry =
    flags.baseFlow.method === 'dry-day-pattern'
      ? dryWeather(record, rain.record, flags.baseFlow.dryAfterH * HOUR_MS)
      : new Uint8Array(0)
  const events = eventRows(rain.record, { record, dry }, flags)
  if (events.length === 0) {
    throw new CommandError(
      EXIT.badInput,
      `${flags.rain}: no event of more than ${flags.minDepth} mm; is the unit right (${rain.about.unit}, ${rain.about.unitFrom})?`,
    )
  }
  const answer = {
    rain: rain.about,
    flow: flow.about,
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
    totals: totalsOf(events),
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(roundedDeep(answer))}\n`
      : asText(events, answer.totals),
  )
  if (events.some(({ use, remarks }) => use === 'used' && remarks.length > 0)) process.exitCode = 1
}

function eventRows(rain: RainRecord, flow: MeteredFlow, flags: RunoffFlags) {
  const time = localTime(flags.dayZone)
  const deep = rainEvents(rain, flags.mit).filter(
    ({ depthPm }) => depthMm(depthPm) > flags.minDepth,
  )
  return deep.map((event, i) => {
    const nextMs = deep[i + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    return eventRow(event, nextMs, flow, time, flags)
  })
}

function eventRow(
  event: RainEvent,
  nextMs: number,
  flow: MeteredFlow,
  time: LocalTime,
  flags: RunoffFlags,
) {
  const rule = { peakShare: flags.peakShare, maxRecessionMs: flags.maxRecession }
  const runoff = eventRunoff(flow, [], event, nextMs, flags.baseFlow, rule, time)
  const rainM3 = rainVolumeM3(depthMm(event.depthPm), flags.areaM2)
  const use = useOf(event, runoff)
  const known = use === 'used'
  const coefficient = known ? runoffCoefficient(runoff.volumeM3, rainM3) : null
  const { peakM3s, peakAtMs, reverseM3 } = runoff.outfall
  return {
    from: iso(event.fromMs),
    to: iso(event.toMs),
    depthMm: depthMm(event.depthPm),
    rainM3,
    runoffTo: iso(runoff.window.toMs),
    endedBy: runoff.window.endedBy,
    baseFlowM3s: Number.isNaN(runoff.baseM3s) ? null : runoff.baseM3s,
    volumeM3: known ? runoff.volumeM3 : null,
    reverseM3,
    coefficient,
    controlRatio: coefficient === null ? null : 1 - coefficient,
    peakM3s,
    peakAt: peakAtMs === null ? null : iso(peakAtMs),
    lagMin: peakAtMs === null ? null : (peakAtMs - event.fromMs) / MINUTE_MS,
    rainState: event.state,
    rainCompleteness: event.completeness,
    flowCoverage: runoff.coverage,
    use,
    remarks: plausibility(coefficient),
  }
}

function useOf(event: RainEvent, runoff: ReturnType<typeof eventRunoff>) {
  if (event.completeness < EVENT_COVERAGE) return 'rain-incomplete'
  if (runoff.coverage < EVENT_COVERAGE) return 'flow-incomplete'
  return runoff.baseFlow === 'unknown' ? 'base-flow-unknown' : 'used'
}

function plausibility(coefficient: number | null): readonly string[] {
  if (coefficient !== null && coefficient > 1) {
    return [
      'more runoff than rain: external inflow, a wrong area or a gauge that caught too little',
    ]
  }
  return coefficient !== null && coefficient < 0 ? ['more water flowed back than ran off'] : []
}

type Row = ReturnType<typeof eventRow>

function totalsOf(events: readonly Row[]) {
  const used = events.filter(({ use }) => use === 'used')
  const rainM3 = used.reduce((sum, event) => sum + event.rainM3, 0)
  const volumeM3 = used.reduce((sum, event) => sum + (event.volumeM3 ?? 0), 0)
  const coefficient = runoffCoefficient(volumeM3, rainM3)
  return {
    events: used.length,
    rainM3,
    volumeM3,
    coefficient,
    controlRatio: coefficient === null ? null : 1 - coefficient,
    rainShareUsed: rainM3 / events.reduce((sum, event) => sum + event.rainM3, 0),
  }
}

function asText(events: readonly Row[], totals: ReturnType<typeof totalsOf>): string {
  const table = textTable(
    [
      { title: 'from (UTC)', align: 'left', cell: ({ from }) => from },
      { title: 'mm', align: 'right', cell: (event) => event.depthMm.toFixed(1) },
      { title: 'rain m³', align: 'right', cell: ({ rainM3 }) => rainM3.toFixed(1) },
      { title: 'runoff m³', align: 'right', cell: ({ volumeM3 }) => volumeM3?.toFixed(1) ?? '-' },
      { title: 'coeff.', align: 'right', cell: (event) => event.coefficient?.toFixed(3) ?? '-' },
      { title: 'peak L/s', align: 'right', cell: (e) => litres(e.peakM3s) },
      { title: 'lag min', align: 'right', cell: ({ lagMin }) => lagMin?.toFixed(0) ?? '-' },
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

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
