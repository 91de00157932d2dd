import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deviceModel } from '../../../../devices/index.js'
import { readRegistry } from '../../../../src/adapters/city-file/index.js'
import { registryIndex } from '../../../../src/domain/city/registry-index.js'
import { FLAG, ORIGIN } from '../../../../src/domain/flag.js'
import { clocklessCopies } from '../../../../src/ingest/clockless-copies.js'
import { deviceTable } from '../../../../src/ingest/device-table.js'
import { encodeImportEntry } from '../../../../src/ingest/import-entry.js'
import { project, type ProjectionRules } from '../../../../src/ingest/projection.js'
import type { JournalEntry } from '../../../../src/ports/journal.js'
import { smallCity } from '../../../setup/small-city.js'

const NOON_MS = Date.UTC(2026, 5, 1, 12)

const RULES = rules()

/** @param device YAML lines for every device */
function rules(device = ''): ProjectionRules {
  const reading = readRegistry(
    smallCity({
      sensors: [
        {
          device: 'RG',
          field: 'rain',
          quantity: 'rain_depth',
          unit: '[in_i]',
          kind: '{ type: increment }',
          reporting: '{ type: periodic, intervalS: 300 }',
        },
        {
          device: 'TB',
          field: 'tips',
          quantity: 'rain_depth',
          unit: '[in_i]',
          kind: '{ type: tip, perTip: 0.01 }',
          reporting: '{ type: on-change, heartbeatS: 3600 }',
        },
        {
          device: 'WL',
          field: 'level',
          quantity: 'level',
          unit: 'm',
          kind: '{ type: instant }',
          reporting: '{ type: periodic, intervalS: 60 }',
        },
      ],
    })
      .replace(
        'id: WL.level,',
        "id: WL.level, calibrations: [{ from: '2026-06-01T00:00:00Z', gain: 2, offset: 0.5, certificate: C1 }],",
      )
      .replaceAll('model: senml-json', `model: senml-json${device}`),
  )
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const { registry } = reading
  return {
    registry,
    table: deviceTable(registry),
    sensors: registryIndex(registry).sensors,
    models: deviceModel,
    copies: clocklessCopies(),
    futureToleranceMs: 300_000,
  }
}

function entry(overrides: Partial<JournalEntry>): JournalEntry {
  const device = overrides.device ?? 'WL'
  return {
    seq: 1,
    kind: 'message',
    arrivalMs: NOON_MS,
    device,
    client: device,
    topic: `rl/v1/small/${device}/up`,
    qos: 1,
    retain: false,
    dup: false,
    payload: new Uint8Array(),
    ...overrides,
  }
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function projectOne(overrides: Partial<JournalEntry>): ReturnType<typeof project>['batch'] {
  return project([entry(overrides)], RULES, 1_000).batch
}

test('a total is keyed by the end of its span, which is the reporting interval', () => {
  const payload = json([{ n: 'rain', v: 0.1, t: NOON_MS / 1000 }])
  const { observations } = projectOne({ device: 'RG', payload })
  expect(observations.series).toEqual(['RG.rain'])
  expect([...observations.atMs]).toEqual([NOON_MS])
  expect([...observations.spanMs]).toEqual([300_000])
  // The registry's unit counts when the payload names none: 0.1 in = 2.54 mm exactly.
  expect(observations.values[0]).toBeCloseTo(2.54, 12)
  expect([...observations.origins]).toEqual([ORIGIN.measured])
})

test.each([
  ['no unit', undefined, 3],
  ['the unit of a count', 'count', 3],
  ['a unit of depth, already multiplied by the logger', 'mm', 0.762],
])('a tipping bucket of 0.01 in: three tips with %s are 0.762 mm', (_name, unit, value) => {
  const payload = json([
    { n: 'tips', ...(unit === undefined ? {} : { u: unit }), v: value, t: NOON_MS / 1000 },
  ])
  // 3 × 0.01 in × 25.4 mm/in = 0.762 mm.
  expect(projectOne({ device: 'TB', payload }).observations.values[0]).toBeCloseTo(0.762, 12)
})

describe('calibration', () => {
  test.each([
    ['the last ms before it begins', Date.UTC(2026, 5, 1) - 1, 3],
    ['its first ms', Date.UTC(2026, 5, 1), 6.5],
  ])('at %s', (_when, atMs, expected) => {
    const { observations } = projectOne({ payload: json([{ n: 'level', v: 3, t: atMs / 1000 }]) })
    expect([...observations.values]).toEqual([expected])
  })
})

describe('time', () => {
  test.each([
    ['ahead by exactly the tolerance is kept', NOON_MS + 300_000, null],
    ['ahead by 1 ms more is refused', NOON_MS + 300_001, 'time_future'],
    ['on the installation is kept', Date.UTC(2000, 0, 1), null],
    [
      '1 ms before the installation is refused',
      Date.UTC(2000, 0, 1) - 1,
      'time_before_installation',
    ],
  ])('%s', (_name, atMs, code) => {
    const batch = projectOne({ payload: json([{ n: 'level', v: 1, t: atMs / 1000 }]) })
    expect(batch.observations.atMs.length).toBe(code === null ? 1 : 0)
    expect(batch.refusals.map((refusal) => refusal.code)).toEqual(code === null ? [] : [code])
  })
})

describe('a copy that the broker had kept', () => {
  const OPTIONS = { device: 'WL', retain: true }
  test('with a time of its own is a message like another, but does not measure the clock', () => {
    const payload = json([{ n: 'level', v: 1, t: NOON_MS / 1000 - 86_400 }])
    const { entries, observations } = projectOne({ ...OPTIONS, payload })
    expect([...observations.atMs]).toEqual([NOON_MS - 86_400_000])
    expect(entries[0]).toMatchObject({ newestAtMs: null, sender: 'broker' })
  })
  test('of a device without a clock is refused: its arrival says nothing', () => {
    const clockless = rules('\n    clock: none')
    const payload = json([{ n: 'level', v: 1 }])
    const { refusals } = project([entry({ ...OPTIONS, payload })], clockless, 1_000).batch
    expect(refusals).toMatchObject([{ code: 'time_unknown', index: null, payload }])
    const fresh = project([entry({ ...OPTIONS, retain: false, payload })], clockless, 1_000).batch
    expect(fresh.refusals).toEqual([])
    expect([...fresh.observations.atMs]).toEqual([NOON_MS])
  })
})

describe('while the server’s clock was in doubt', () => {
  test.each([
    ['a year after the arrival', NOON_MS + 365 * 86_400_000],
    ['before the installation', Date.UTC(2000, 0, 1) - 1],
  ])('a reading %s is kept, and no clock is measured by it', (_name, atMs) => {
    const payload = json([{ n: 'level', v: 1, t: atMs / 1000 }])
    const { entries, observations, refusals } = projectOne({ payload, serverClock: 'in-doubt' })
    expect([...observations.atMs]).toEqual([atMs])
    expect([...observations.ranks]).toEqual([atMs])
    expect(refusals).toEqual([])
    expect(entries[0]).toMatchObject({ newestAtMs: null, keptAtMs: atMs })
  })
})

test('the newest time kept is not that of a clock that runs ahead', () => {
  const aheadMs = NOON_MS + 86_400_000
  const payload = json([
    { n: 'level', v: 1, t: NOON_MS / 1000 },
    { n: 'level', v: 2, t: aheadMs / 1000 },
  ])
  const { entries } = projectOne({ payload })
  expect(entries[0]).toMatchObject({ newestAtMs: aheadMs, keptAtMs: NOON_MS })
})

test('one bad record is refused with the whole payload, the others are kept', () => {
  const payload = json([
    { n: 'level', v: 1, t: NOON_MS / 1000 },
    { n: 'colour', v: 2, t: NOON_MS / 1000 },
    { n: 'level', u: 'kg', v: 2, t: NOON_MS / 1000 - 60 },
  ])
  const { entries, observations, refusals } = projectOne({ payload })
  expect(observations.atMs.length).toBe(1)
  expect(refusals.map(({ index, code }) => [index, code])).toEqual([
    [1, 'sensor_unknown'],
    [2, 'unit_mismatch'],
  ])
  expect(refusals.every((refusal) => refusal.payload === payload)).toBe(true)
  expect(entries[0]).toMatchObject({ outcome: 'projected', decoded: 3, newestAtMs: NOON_MS })
})

test('a message of which nothing could be kept counts as refused', () => {
  const { entries } = projectOne({ payload: json([{ n: 'colour', v: 2, t: NOON_MS / 1000 }]) })
  expect(entries[0]).toMatchObject({ outcome: 'refused', decoded: 1 })
})

test('an unknown device and a foreign topic are refused with their bytes', () => {
  const payload = Buffer.from('anything')
  expect(projectOne({ device: 'GONE', payload }).refusals[0]).toMatchObject({
    code: 'device_unknown',
    index: null,
    payload,
  })
  expect(projectOne({ topic: 'rl/v1/small/RG/up', payload }).refusals[0]).toMatchObject({
    code: 'topic_unknown',
  })
})

test('a missing value is stored as missing, with flag 9', () => {
  const payload = encodeImportEntry({
    fileName: 'f.csv',
    mappingSha256: 'm',
    revision: 3,
    chunk: 0,
    parts: 1,
    columns: [['WL.level', null]],
    rows: [[0, NOON_MS - 86_400_000, null]],
  })
  const { observations } = projectOne({ kind: 'import', payload })
  expect([...observations.values]).toEqual([Number.NaN])
  expect([...observations.flags]).toEqual([FLAG.missing])
  expect([...observations.origins]).toEqual([ORIGIN.imported])
  expect([...observations.ranks]).toEqual([3])
})

test.each([
  ['beyond all numbers once converted', 'RG', '[{"n":"rain","u":"m","v":1e308,"t":1780315200}]'],
  ['larger than any quantity', 'RG', '[{"n":"rain","v":1e20,"t":1780315200}]'],
  ['lower than any quantity', 'WL', '[{"n":"level","v":-1.7e308,"t":1780315200}]'],
])('a value %s is refused, not stored', (_, device, text) => {
  const { batch } = project([entry({ device, payload: Buffer.from(text) })], RULES, 100)
  expect(batch.refusals.map(({ code }) => code)).toEqual(['value_not_finite'])
  expect(batch.observations.values).toHaveLength(0)
})

test('a registry entry is no message of the books', () => {
  const { entries } = projectOne({ kind: 'registry', device: '' })
  expect(entries[0]).toMatchObject({ outcome: 'none', decoded: 0 })
})

test('whatever the bytes, projecting does not throw and every entry ends', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 20 }), (payloads) => {
      const entries = payloads.map((payload, at) => entry({ seq: at + 1, payload }))
      const { batch } = project(entries, RULES, 1_000)
      expect(batch.entries.length).toBe(entries.length)
    }),
  )
})

test('a record from the future does not lift the rank of its pack', () => {
  const past = { n: 'level', v: 1, t: NOON_MS / 1000 - 60 }
  const honest = projectOne({ payload: json([past, { n: 'level', v: 2, t: NOON_MS / 1000 }]) })
  expect([...honest.observations.ranks]).toEqual([NOON_MS, NOON_MS])
  const wrong = { n: 'level', v: 2, t: Date.UTC(2059, 0, 1) / 1000 }
  const { observations, refusals } = projectOne({ payload: json([past, wrong]) })
  expect(refusals.map(({ code }) => code)).toEqual(['time_future'])
  expect([...observations.ranks]).toEqual([NOON_MS - 60_000])
})

test('a device model that breaks its promises stops nothing behind it', () => {
  const record = { name: 'level', unit: null, value: 1, atMs: NOON_MS, fromMs: null }
  const broken: ProjectionRules = {
    ...RULES,
    models: () => ({
      id: 'broken',
      decode(payload) {
        if (payload.length === 0) throw new Error('no bytes')
        const records = [
          { ...record, atMs: Number.NaN },
          { ...record, value: Number.POSITIVE_INFINITY },
          { ...record, fromMs: NOON_MS + 1 },
          record,
        ]
        return { rank: null, timeBase: 'device', records, refused: [] }
      },
      encode: () => new Uint8Array(),
    }),
  }
  const entries = [entry({ seq: 1 }), entry({ seq: 2, payload: new Uint8Array(1) })]
  const { batch } = project(entries, broken, 1_000)
  expect(batch.refusals.map(({ seq, index, code }) => [seq, index, code])).toEqual([
    [1, null, 'payload_unreadable'],
    [2, 0, 'record_invalid'],
    [2, 1, 'value_not_finite'],
    [2, 2, 'record_invalid'],
  ])
  expect(batch.observations.atMs.length).toBe(1)
})

test('a batch ends after the entry that reaches the bound, and the next begins there', () => {
  const entries = Array.from({ length: 5 }, (_, at) =>
    entry({ seq: at + 1, payload: json([{ n: 'level', v: at, t: NOON_MS / 1000 - at }]) }),
  )
  expect(project(entries, RULES, 2).taken).toBe(2)
  expect(project(entries, RULES, 5).taken).toBe(5)
})

test('the same entries in other batches give the same rows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      (values, bound) => {
        const entries = values.map((value, at) =>
          entry({ seq: at + 1, payload: json([{ n: 'level', v: value, t: NOON_MS / 1000 - at }]) }),
        )
        const whole = project(entries, RULES, 1_000).batch.observations
        const parts: number[][] = []
        for (let rest = entries; rest.length > 0;) {
          const { batch, taken } = project(rest, RULES, bound)
          const { atMs, values: stored, flags } = batch.observations
          for (let row = 0; row < atMs.length; row++) {
            parts.push([atMs[row] ?? 0, stored[row] ?? 0, flags[row] ?? 0])
          }
          rest = rest.slice(taken)
        }
        const rows = [...whole.atMs].map((atMs, row) => [
          atMs,
          whole.values[row] ?? 0,
          whole.flags[row] ?? 0,
        ])
        expect(parts).toEqual(rows)
      },
    ),
  )
})
