import type { StepLengths } from '../model.js'
import { clockS, dateMs, timeOfDayS } from './clock.js'
import { Fields } from './fields.js'
import type { InpFault, InpRow } from './rows.js'
import type { FlowUnit } from './units.js'

export const METHODS = ['HORTON', 'GREEN_AMPT', 'MODIFIED_GREEN_AMPT'] as const
export type Method = (typeof METHODS)[number]

export interface InpOptions {
  readonly flowUnit: FlowUnit
  readonly method: Method
  readonly routing: string
  readonly startMs: number
  readonly durationS: number
  readonly steps: StepLengths
  /** Dry time before the start, s. */
  readonly dryBeforeS: number
  /** Whether offsets of conduits are elevations, not depths. */
  readonly offsetsAreElevations: boolean
  /** Least slope of a conduit, rise over run. */
  readonly leastSlope: number
  readonly ignored: readonly string[]
}

const FLOW_UNITS = ['CFS', 'GPM', 'MGD', 'CMS', 'LPS', 'MLD'] as const

const S_PER_DAY = 86_400

/** Options that switch off what this engine computes. */
const SWITCHES = new Set(['IGNORE_RAINFALL', 'IGNORE_ROUTING', 'ALLOW_PONDING'])

const READ = new Set([
  ...['FLOW_UNITS', 'INFILTRATION', 'FLOW_ROUTING', 'LINK_OFFSETS', 'MIN_SLOPE', 'DRY_DAYS'],
  ...['START_DATE', 'START_TIME', 'END_DATE', 'END_TIME', 'REPORT_START_DATE', 'REPORT_START_TIME'],
  ...['WET_STEP', 'DRY_STEP', 'REPORT_STEP', 'ROUTING_STEP'],
])

/** Reads [OPTIONS]; defaults are SWMM's (User's Manual 5.2, appendix D). */
export function optionsOf(rows: readonly InpRow[], faults: InpFault[]): InpOptions {
  const byName = new Map(rows.map((row) => [(row.cells[0] ?? '').toUpperCase(), row]))
  const field = (name: string, absent: string): Fields =>
    new Fields(byName.get(name) ?? { line: 1, section: 'OPTIONS', cells: [name, absent] }, faults)

  function word<const Word extends string>(
    name: string,
    words: readonly Word[],
    absent: Word,
  ): Word {
    return field(name, absent).word(1, name, words) ?? absent
  }
  function date(name: string, absent: string): number {
    const fields = field(name, absent)
    const ms = dateMs(fields.text(1, name))
    if (ms === null)
      fields.fault(`${name} "${fields.text(1, name)}": expected a date such as 06/01/2020`)
    return ms ?? 0
  }
  function time(name: string, absent: string): number {
    const fields = field(name, absent)
    const seconds = timeOfDayS(fields.text(1, name))
    if (seconds === null)
      fields.fault(`${name} "${fields.text(1, name)}": expected a time such as 08:30:00`)
    return seconds ?? 0
  }
  function step(name: string, absent: string): number {
    const fields = field(name, absent)
    const seconds = clockS(fields.text(1, name), 1)
    if (seconds !== null && seconds > 0) return seconds
    fields.fault(`${name} "${fields.text(1, name)}": expected a step above 0 such as 00:05:00`)
    return 60
  }

  for (const row of rows) {
    const name = (row.cells[0] ?? '').toUpperCase()
    if (SWITCHES.has(name) && row.cells[1]?.toUpperCase() === 'YES') {
      new Fields(row, faults).refuse(`${name} YES`)
    }
  }
  const startMs = date('START_DATE', '01/01/2004') + 1000 * time('START_TIME', '0:00')
  const startDate = field('START_DATE', '01/01/2004').text(1, 'START_DATE')
  const startTime = field('START_TIME', '0:00').text(1, 'START_TIME')
  const endMs = date('END_DATE', startDate) + 1000 * time('END_TIME', '24:00')
  const reportMs =
    date('REPORT_START_DATE', startDate) + 1000 * time('REPORT_START_TIME', startTime)
  const durationS = (endMs - startMs) / 1000
  if (durationS <= 0) field('END_DATE', '').fault('END_DATE and END_TIME: expected after the start')
  const wetS = step('WET_STEP', '0:05:00')
  return {
    flowUnit: word('FLOW_UNITS', FLOW_UNITS, 'CFS'),
    method: word('INFILTRATION', METHODS, 'HORTON'),
    routing: field('FLOW_ROUTING', 'KINWAVE').text(1, 'FLOW_ROUTING').toUpperCase(),
    startMs,
    durationS,
    steps: {
      wetS,
      dryS: Math.max(wetS, step('DRY_STEP', '1:00:00')),
      routingS: step('ROUTING_STEP', '20'),
      reportS: step('REPORT_STEP', '0:15:00'),
      reportFromS: Math.max(0, (reportMs - startMs) / 1000),
    },
    dryBeforeS: field('DRY_DAYS', '0').number(1, 'DRY_DAYS', { min: 0 }) * S_PER_DAY,
    offsetsAreElevations: word('LINK_OFFSETS', ['DEPTH', 'ELEVATION'], 'DEPTH') === 'ELEVATION',
    leastSlope: field('MIN_SLOPE', '0').number(1, 'MIN_SLOPE', { min: 0, max: 100 }) / 100,
    ignored: [...byName.keys()]
      .filter((name) => !READ.has(name) && !SWITCHES.has(name))
      .map((name) => `[OPTIONS] ${name}`),
  }
}
