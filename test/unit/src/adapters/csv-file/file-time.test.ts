import { expect, test } from 'vitest'
import { timeReader } from '../../../../../src/adapters/csv-file/file-time.js'
import type { Mapping } from '../../../../../src/adapters/csv-file/index.js'
import { readMapping } from '../../../../../src/app/mapping-file.js'

function time(yaml: string): Mapping['time'] {
  const reading = readMapping(
    `format: 1\ntime: { column: t, ${yaml} }\nvalues: [{ column: v, sensor: S }]`,
  )
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  return reading.value.time
}

test('a time with an offset needs no zone', () => {
  const read = timeReader(time('form: iso'))
  expect(read('2026-07-01T08:00:00+08:00')).toBe(Date.UTC(2026, 6, 1))
  expect(read('2026-07-01 00:00:00Z')).toBe(Date.UTC(2026, 6, 1))
})

test('a time without an offset and without a zone is a fault', () => {
  expect(timeReader(time('form: iso'))('2026-07-01T08:00:00')).toMatch(/no offset/)
})

test('a local time is read in its zone', () => {
  // China keeps UTC+8 all year; New York was UTC-5 in February and UTC-4 in April 2008 (tz database).
  expect(timeReader(time('zone: Asia/Shanghai'))('2026-07-01T08:00:00')).toBe(Date.UTC(2026, 6, 1))
  const newYork = timeReader(time('zone: America/New_York'))
  expect(newYork('2008-02-16T21:15:00')).toBe(Date.UTC(2008, 1, 17, 2, 15))
  expect(newYork('2008-04-16T21:15:00')).toBe(Date.UTC(2008, 3, 17, 1, 15))
})

test('an hour that summer time skips does not exist', () => {
  const newYork = timeReader(time('zone: America/New_York'))
  expect(newYork('2008-03-09T01:45:00')).toBe(Date.UTC(2008, 2, 9, 6, 45))
  expect(newYork('2008-03-09T02:15:00')).toMatch(/does not exist/)
  expect(newYork('2008-03-09T03:00:00')).toBe(Date.UTC(2008, 2, 9, 7, 0))
})

test('of an hour that is repeated, the mapping says which one', () => {
  const cell = '2008-11-02T01:30:00'
  const earlier = timeReader(time('zone: America/New_York, repeatedHour: earlier'))(cell)
  const later = timeReader(time('zone: America/New_York, repeatedHour: later'))(cell)
  expect(earlier).toBe(Date.UTC(2008, 10, 2, 5, 30))
  expect(later).toBe(Date.UTC(2008, 10, 2, 6, 30))
})

// Summer time ended in New York on 2 November 2008 at 06:00 UTC (tz database).
const AUTUMN_MS = Date.UTC(2008, 10, 2, 5)
const AUTUMN = ['01:00', '01:30', '01:00', '01:30', '02:00'].map(
  (clock) => `2008-11-02T${clock}:00`,
)

test.each([
  ['oldest first', AUTUMN],
  ['newest first', [...AUTUMN].reverse()],
])('a file that has the repeated hour twice, %s, tells which is which', (_order, cells) => {
  const read = timeReader(time('zone: America/New_York'))
  const around =
    cells === AUTUMN ? ['2008-11-02T00:30:00', ...cells] : ['2008-11-02T02:30:00', ...cells]
  const instants = around.map((cell) => Number(read(cell))).slice(1)
  const halfHours = [0, 1, 2, 3, 4].map((count) => AUTUMN_MS + count * 1_800_000)
  expect(instants).toEqual(cells === AUTUMN ? halfHours : halfHours.reverse())
})

test('times as spreadsheets write them are read when the year comes first', () => {
  const shanghai = timeReader(time('zone: Asia/Shanghai'))
  expect(shanghai('2026/7/1 8:00')).toBe(Date.UTC(2026, 6, 1))
  expect(shanghai('2026-7-1 08:00:30.5')).toBe(Date.UTC(2026, 6, 1, 0, 0, 30, 500))
  expect(shanghai('2026/07/01')).toBe(Date.UTC(2026, 5, 30, 16))
  // Is it July or January? And 31 June is no day.
  expect(shanghai('7/1/2026 8:00')).toMatch(/no ISO 8601 time/)
  expect(shanghai('07/01/2026 08:00Z')).toMatch(/no ISO 8601 time/)
  expect(shanghai('2026/6/31 8:00')).toMatch(/no ISO 8601 time/)
})

test('seconds taken for milliseconds, or the other way round, are told when no calendar has the time', () => {
  expect(timeReader(time('form: epoch-s'))('1276020076001000')).toMatch(/is it the other/)
})

test.each([
  ["zone: 'Mars/Olympus'", /time\.zone: .*IANA/],
  ['stamps: start', /intervalS/],
  [
    "zone: UTC, clockFaults: [{ from: '2008-03-09T03:00:00', to: '2008-03-09T03:00:00', addS: 1, reason: r }]",
    /not after its beginning/,
  ],
  [
    "zone: UTC, clockFaults: [{ from: '2008-03-09T03:00:00', to: '2008-03-09T05:00:00', addS: 1, reason: r }, { from: '2008-03-09T04:00:00', to: '2008-03-09T06:00:00', addS: 1, reason: r }]",
    /overlaps/,
  ],
])('a mapping with time { %s } is refused', (yaml, message) => {
  const reading = readMapping(
    `format: 1\ntime: { column: t, ${yaml} }\nvalues: [{ column: v, sensor: S }]`,
  )
  if (reading.ok) throw new Error('a faulty mapping was taken')
  expect(reading.faults).toEqual([{ line: 2, message: expect.stringMatching(message) as string }])
})

test('two columns cannot fill one sensor', () => {
  const reading = readMapping(
    'format: 1\ntime: { column: t }\nvalues:\n  - { column: a, sensor: S }\n  - { column: b, sensor: S }\n',
  )
  if (reading.ok) throw new Error('a faulty mapping was taken')
  expect(reading.faults.map(({ line }) => line)).toEqual([5])
})

test('a known clock fault is corrected between its two times, the end not included', () => {
  const faults =
    "zone: '-05:00', clockFaults: [{ from: '2008-03-09T03:00:00', to: '2008-03-09T04:00:00', addS: -3600, reason: summer time }]"
  const read = timeReader(time(faults))
  expect(read('2008-03-09T01:45:00')).toBe(Date.UTC(2008, 2, 9, 6, 45))
  expect(read('2008-03-09T03:00:00')).toBe(Date.UTC(2008, 2, 9, 7, 0))
  expect(read('2008-03-09T03:45:00')).toBe(Date.UTC(2008, 2, 9, 7, 45))
  expect(read('2008-03-09T04:00:00')).toBe(Date.UTC(2008, 2, 9, 9, 0))
})

test('a stamp at the start of a span is moved to its end', () => {
  const read = timeReader(time("zone: '+00:00', stamps: start, intervalS: 900"))
  expect(read('2026-01-01T00:00:00')).toBe(Date.UTC(2026, 0, 1, 0, 15))
})

test('epoch seconds and milliseconds are numbers, and nothing else is', () => {
  expect(timeReader(time('form: epoch-s'))('1276020076.001')).toBe(1_276_020_076_001)
  expect(timeReader(time('form: epoch-ms'))('1276020076001')).toBe(1_276_020_076_001)
  expect(timeReader(time('form: epoch-s'))('')).toMatch(/no number/)
  expect(timeReader(time('form: iso, zone: UTC'))('yesterday')).toMatch(/no ISO 8601 time/)
})

test('a mapping tells all its faults at once, with lines', () => {
  const reading = readMapping('format: 2\ntime:\n  column: ""\nvalues: []\nextra: 1\n')
  if (reading.ok) throw new Error('a faulty mapping was taken')
  expect(reading.faults.map((fault) => fault.line)).toEqual(expect.arrayContaining([1, 3, 4]))
  expect(reading.faults.length).toBe(4)
})
