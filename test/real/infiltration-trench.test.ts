import { expect, test } from 'vitest'
import { storageUse } from '../../src/domain/facility/storage-use.js'
import { untilProjected } from '../setup/ledger.js'
import { observations } from '../setup/observations.js'
import { smallCity } from '../setup/small-city.js'
import { indicatorSchema, rainEventsSchema, replay, withProgram, type Reading } from './replay.js'
import { sharedRows } from './shared-data.js'

/**
 * SMP 250-1-1, Philadelphia Water Department. Owner's rule: an event ends with 6 h or more between
 * the end stamps of two wet 15-minute intervals, which is a dry spell of 5 h 45 min; events below
 * 0.10 in are dropped; the duration counts the first interval.
 */
const OWNERS_INTER_EVENT_MS = (6 * 60 - 15) * 60_000
const OWNERS_MIN_DEPTH_MM = 2.54
const INTERVAL_MS = 15 * 60_000
const MM_PER_INCH = 25.4
const M_PER_FOOT = 0.3048
/** facility.json, as the owner's check files use it. */
const STORAGE_DEPTH_FT = 4

const CITY = smallCity({
  timeZone: 'America/New_York',
  sensors: [
    {
      device: 'OW1',
      field: 'rain',
      quantity: 'rain_depth',
      unit: '[in_i]',
      kind: '{ type: increment }',
      reporting: '{ type: periodic, intervalS: 900 }',
    },
    {
      device: 'OW1',
      field: 'level',
      quantity: 'level',
      unit: '[ft_i]',
      kind: '{ type: instant }',
      reporting: '{ type: periodic, intervalS: 300 }',
    },
  ],
})

const RULE = `mitMs=${OWNERS_INTER_EVENT_MS}&minDepthMm=${OWNERS_MIN_DEPTH_MM}`

test.each(['duckdb', 'influx'] as const)(
  'the 17 rain events of 2018 are the owner’s (%s)',
  async (store) => {
    const rain = sharedRows('gsi_infiltration_trench_250/check_2018_rain_15min.csv.gz')
    const owner = sharedRows('gsi_infiltration_trench_250/check_2018_rain_events.csv')
    expect(owner.length).toBe(17)
    const fromMs = Date.parse('2018-01-04T00:00:00Z')
    const toMs = Date.parse('2018-02-27T00:00:00Z')
    await withProgram(store, CITY, async (program) => {
      await replay(program, withDrySteps(rain, fromMs, toMs))
      const answer = await program.json(`/events?gauge=OW1.rain&from=${fromMs}&to=${toMs}&${RULE}`)
      const events = rainEventsSchema.parse(answer).items
      expect(events.length).toBe(owner.length)
      for (const [position, expected] of owner.entries()) {
        const event = events[position]
        expect(event?.fromMs).toBe(Date.parse(expected['start_utc'] ?? '') - INTERVAL_MS)
        expect(event?.toMs).toBe(Date.parse(expected['end_utc'] ?? ''))
        expect((event?.durationMs ?? 0) / 3_600_000).toBeCloseTo(Number(expected['duration_hr']), 9)
        // The owner's depths have 3 decimals, its mean intensities 6.
        expect((event?.depthMm ?? 0) / MM_PER_INCH).toBeCloseTo(Number(expected['depth_in']), 3)
        expect((event?.meanIntensityMmH ?? 0) / MM_PER_INCH).toBeCloseTo(
          Number(expected['avg_intensity_inhr']),
          5,
        )
      }
      // The owner's peak intensity is four times the deepest quarter of an hour.
      const hours = OWNERS_INTER_EVENT_MS / 3_600_000
      const path = `/indicators/rain-events?subject=OW1.rain&from=${fromMs}&to=${toMs}`
      const { table } = indicatorSchema.parse(
        await program.json(`${path}&interEventH=${hours}&minDepthMm=${OWNERS_MIN_DEPTH_MM}`),
      )
      expect(table.length).toBe(owner.length)
      for (const [position, expected] of owner.entries()) {
        const peakInH = (Number(table[position]?.['max15Mm']) / MM_PER_INCH) * 4
        expect(peakInH).toBeCloseTo(Number(expected['peak_intensity_inhr']), 3)
      }
    })
  },
)

test.each(['duckdb', 'influx'] as const)(
  'the storage used in each event, from the stored levels, is the owner’s (%s)',
  async (store) => {
    const rows = sharedRows('gsi_infiltration_trench_250/check_2018_level_5min.csv.gz')
    const owner = sharedRows('gsi_infiltration_trench_250/check_2018_event_metrics.csv')
    expect(owner.length).toBe(10)
    await withProgram(store, CITY, async (program) => {
      await replay(
        program,
        rows.map((row) => reading('level', '[ft_i]', row['time_utc'], row['level_ft'])),
      )
      const fromMs = Date.parse(rows[0]?.['time_utc'] ?? '')
      const toMs = Date.parse(rows.at(-1)?.['time_utc'] ?? '') + 1
      const stored = await observations(program, 'OW1.level', { fromMs, toMs })
      expect(stored.length).toBe(rows.length)
      const levelFt = new Map(stored.map(({ atMs, value }) => [atMs, (value ?? 0) / M_PER_FOOT]))
      for (const { event_uid: event, ...expected } of owner) {
        const levels = rows
          .filter((row) => row['event_uid'] === event)
          .map((row) => levelFt.get(Date.parse(row['time_utc'] ?? '')) ?? Number.NaN)
        expect(levels.length).toBeGreaterThan(500)
        const { peakShare, relativeShare } = storageUse(levels, STORAGE_DEPTH_FT)
        expect(100 * peakShare).toBeCloseTo(Number(expected['storage_used_peak_pct']), 4)
        expect(100 * (relativeShare ?? Number.NaN)).toBeCloseTo(
          Number(expected['storage_used_relative_pct']),
          4,
        )
      }
    })
  },
)

test.each(['duckdb', 'influx'] as const)(
  'two and a half years of level and rain give the owner’s 137 events (%s)',
  async (store) => {
    const rows = sharedRows('gsi_infiltration_trench_250/level_rain_15min.csv.gz')
    const owner = ownersEvents(rows)
    expect(owner.length).toBe(137)
    const first = Date.parse(rows[0]?.['time_utc'] ?? '')
    const last = Date.parse(rows.at(-1)?.['time_utc'] ?? '')
    await withProgram(store, CITY, async (program) => {
      const wet = rows.filter((row) => row['rainfall_in'] !== '')
      const readings = [
        ...withDrySteps(wet, first - INTERVAL_MS, last),
        ...rows
          .filter((row) => row['level_ft'] !== '')
          .map((row) => reading('level', '[ft_i]', row['time_utc'], row['level_ft'])),
      ]
      await replay(program, readings)
      const totals = await untilProjected(program)
      expect(totals.decoded).toBe(readings.length)
      expect(totals.inserted).toBe(readings.length)

      const answer = await program.json(
        `/events?gauge=OW1.rain&from=${first - INTERVAL_MS}&to=${last + 1}&${RULE}`,
      )
      const events = rainEventsSchema.parse(answer).items
      expect(events.map((event) => [event.fromMs, event.toMs])).toEqual(
        owner.map((event) => [event.firstMs - INTERVAL_MS, event.lastMs]),
      )
      for (const [position, expected] of owner.entries()) {
        const depthIn = (events[position]?.depthMm ?? 0) / MM_PER_INCH
        expect(depthIn).toBeCloseTo(expected.depthIn, 9)
      }
    })
  },
)

/**
 * The gauge ran all the time but the files hold wet intervals only, so a real replay sends the dry
 * ones as zero.
 */
function withDrySteps(
  wet: readonly Record<string, string>[],
  fromMs: number,
  toMs: number,
): Reading[] {
  const depthAt = new Map(wet.map((row) => [Date.parse(row['time_utc'] ?? ''), row['rainfall_in']]))
  const readings: Reading[] = []
  for (let atMs = fromMs + INTERVAL_MS; atMs <= toMs; atMs += INTERVAL_MS) {
    const value = Number(depthAt.get(atMs) ?? 0)
    readings.push({ device: 'OW1', field: 'rain', unit: '[in_i]', atMs, value })
    depthAt.delete(atMs)
  }
  expect(depthAt.size).toBe(0)
  return readings
}

function reading(
  field: string,
  unit: string,
  time: string | undefined,
  value: string | undefined,
): Reading {
  return { device: 'OW1', field, unit, atMs: Date.parse(time ?? ''), value: Number(value) }
}

/** The owner numbered the rows of each event; what belongs to a number is the event. */
function ownersEvents(
  rows: readonly Record<string, string>[],
): { firstMs: number; lastMs: number; depthIn: number }[] {
  const events = new Map<string, { firstMs: number; lastMs: number; depthIn: number }>()
  for (const row of rows) {
    const number = row['event'] ?? ''
    if (number === '') continue
    const atMs = Date.parse(row['time_utc'] ?? '')
    const depthIn = Number(row['rainfall_in'])
    const known = events.get(number)
    if (known === undefined) events.set(number, { firstMs: atMs, lastMs: atMs, depthIn })
    else {
      known.lastMs = Math.max(known.lastMs, atMs)
      known.depthIn += depthIn
    }
  }
  return [...events.values()]
}
