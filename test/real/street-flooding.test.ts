import { expect, test } from 'vitest'
import { FLAG, ORIGIN } from '../../src/domain/flag.js'
import { pondingEvents, type PondingEvent } from '../../src/domain/ponding/ponding-events.js'
import { pondingTimes } from '../../src/domain/ponding/ponding-times.js'
import { JUDGED } from '../../src/domain/selection.js'
import { sharedRows } from './shared-data.js'

/** FloodNet, New York City: 983 ponding events with their depth profiles. */
const MM_PER_INCH = 25.4

/** Every reading of a profile belongs to its event, whatever its depth: the ends are the profile's. */
const PROFILE_ENDS = {
  thresholdMm: 0,
  startReadings: 1,
  endBelowMs: 0,
  maximum: 'raw',
  expectedMs: Number.POSITIVE_INFINITY,
} as const

/** Tolerances of the data's README. */
const DEPTH_IN = 0.02 + 1e-9
const TIME_MIN = 0.02 + 1e-9

/** Of the 2,256 events of the full set those that do not agree with their own profile, by the same README. */
const FULL_SET_DISAGREEING = {
  maximum: 2256 - 2210,
  duration: 2256 - 2249,
  onset: 2256 - 2217,
  drain: 2256 - 2208,
}

type Row = Record<string, string>

function pondingOf(row: Row): PondingEvent {
  const seconds = numbersOf(row['flood_profile_time_secs'])
  const inches = numbersOf(row['flood_profile_depth_inches'])
  expect(inches.length).toBe(seconds.length)
  const startMs = Date.parse(row['flood_start_time'] ?? '')
  const readings = seconds
    .map((s, i) => ({ atMs: startMs + s * 1000, mm: (inches[i] ?? 0) * MM_PER_INCH }))
    .toSorted((a, b) => a.atMs - b.atMs)
  const { events } = pondingEvents(
    {
      series: 'ponding',
      atMs: Float64Array.from(readings, ({ atMs }) => atMs),
      spanMs: new Float64Array(readings.length),
      values: Float64Array.from(readings, ({ mm }) => mm),
      flags: new Uint8Array(readings.length).fill(FLAG.good),
      tests: new Uint16Array(readings.length),
      origins: new Uint8Array(readings.length).fill(ORIGIN.measured),
    },
    PROFILE_ENDS,
    JUDGED,
  )
  const [event] = events
  if (event === undefined || events.length !== 1) throw new Error(`${events.length} events`)
  return event
}

function numbersOf(cell: string | undefined): number[] {
  return (cell ?? '').replace(/[[\]]/g, '').split(',').map(Number)
}

interface Differences {
  readonly maximum: boolean
  readonly duration: boolean
  readonly onset: boolean
  readonly drain: boolean
}

function differences(row: Row): Differences {
  const event = pondingOf(row)
  const { onsetMs, drainMs, durationMs } = pondingTimes(event)
  // A thinned profile may begin after the event does; its figures count from the event's start.
  const lateMs = event.fromMs - Date.parse(row['flood_start_time'] ?? '')
  const differs = (ms: number, column: string): boolean =>
    !(Math.abs(ms / 60_000 - Number(row[column])) <= TIME_MIN)
  return {
    maximum: !(Math.abs(event.maxMm / MM_PER_INCH - Number(row['max_depth_inches'])) <= DEPTH_IN),
    duration: differs(lateMs + durationMs, 'duration_mins'),
    onset: differs(lateMs + onsetMs, 'onset_time_mins'),
    drain: differs(drainMs, 'drain_time_mins'),
  }
}

test('983 events of street flooding: maximum, onset, drain and duration from their profiles', () => {
  const rows = sharedRows('street_flooding_nyc/flood_events.csv.gz')
  const known = new Map(
    sharedRows('street_flooding_nyc/known_inconsistencies.csv').map((row) => [
      Number(row['row']),
      row['what'] ?? '',
    ]),
  )
  expect(rows.length).toBe(983)
  const found = rows.map((row, i) => ({ row: i + 1, ...differences(row) }))
  for (const figure of ['maximum', 'duration', 'onset', 'drain'] as const) {
    const those = found.filter((event) => event[figure]).map(({ row }) => row)
    console.log(
      `${figure}: ${rows.length - those.length} of ${rows.length}; not ${those.join(', ')}`,
    )
    // The rows are a part of the full set, so no more of them can disagree than there.
    expect(those.length).toBeLessThanOrEqual(FULL_SET_DISAGREEING[figure])
    if (figure === 'maximum') expect(those).toEqual(named(known, 'max_depth differs'))
    if (figure === 'duration')
      expect(those).toEqual(expect.arrayContaining(named(known, 'duration')))
  }
  // The one row whose times do not increase is sorted, and then agrees.
  expect(named(known, 'profile times not increasing')).toEqual([32])
  expect(found[31]).toEqual({ row: 32, ...AGREES })
})

const AGREES = { maximum: false, duration: false, onset: false, drain: false }

function named(known: ReadonlyMap<number, string>, what: string): number[] {
  return [...known].filter(([, text]) => text.startsWith(what)).map(([row]) => row)
}
