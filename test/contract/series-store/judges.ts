import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { registryIndex } from '../../../src/domain/city/registry-index.js'
import { registrySchema, type Registry, type Sensor } from '../../../src/domain/city/registry.js'
import { localTime } from '../../../src/domain/local-time.js'
import { supersedes } from '../../../src/domain/observation.js'
import { marksBySeries, type Mark } from '../../../src/domain/qc/mark.js'
import { qualitySettings } from '../../../src/domain/qc/quality-settings.js'
import { recordFlags } from '../../../src/domain/qc/record-flags.js'
import { seriesJudges, type SeriesJudges } from '../../../src/domain/qc/series-judge.js'
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time.js'
import { projectionBatch, rowsBatch, START_MS, type RowDraft } from './batch.js'
import { ALWAYS, type Subject } from './subject.js'

const STEP_MS = 5 * MINUTE_MS
const TIME = localTime('Asia/Shanghai')

const RAIN = {
  quantity: 'rain_depth',
  unit: 'mm',
  kind: { type: 'increment' },
  reporting: { type: 'periodic', intervalS: 300 },
  qc: { neighbour: { windowS: 1200, wetAboveMm: 2 } },
}
const LEVEL = {
  quantity: 'level',
  unit: 'm',
  kind: { type: 'instant' },
  reporting: { type: 'periodic', intervalS: 300 },
}

/** By field: what looks at rows, at time, at both, at the season alone, and one that is not judged. */
const SENSORS: Readonly<Record<string, object>> = {
  rainA: RAIN,
  rainB: RAIN,
  rainC: { ...RAIN, qc: { ...RAIN.qc, timeGap: { suspectAboveS: 3600 } } },
  spiky: { ...LEVEL, qc: { spike: { suspect: 1, fail: 3 }, rateOfChange: 'off' } },
  still: {
    ...LEVEL,
    qc: { flatLine: { tolerance: 0.15, suspectAfterS: 1500, failAfterS: 3000 } },
  },
  all: {
    ...LEVEL,
    limits: { fail: [-3, 9] },
    qc: {
      spike: { suspect: 0.5 },
      rateOfChange: { suspectPerS: 0.002, failPerS: 0.01 },
      attenuatedSignal: { windowS: 2000, measure: 'standard-deviation', suspectBelow: 0.2 },
      timeGap: { suspectAboveS: 900, failAboveS: 36_000 },
      // The season ends with the local day of START_MS.
      climatology: [{ from: '05-01', to: '06-01', suspect: [-1, 4] }],
    },
  },
  moved: {
    ...LEVEL,
    reporting: { type: 'on-change', heartbeatS: 3600 },
    qc: { rateOfChange: { suspectPerS: 0.001 }, timeGap: { suspectAboveS: 7200 } },
  },
  season: {
    ...LEVEL,
    qc: { climatology: [{ from: '05-01', to: '06-01', fail: [1, 9] }], rateOfChange: 'off' },
  },
  flow: { ...LEVEL, quantity: 'flow', unit: 'm3/s' },
}
const FIELDS = Object.keys(SENSORS)

/** A city whose sensors are called as their fields, after a prefix. */
export function judgedCity(prefix: string): {
  readonly judges: SeriesJudges
  /** With persons' marks above the tests. */
  readonly judgesUnder: (marks: readonly Mark[]) => SeriesJudges
  readonly sensors: readonly Sensor[]
} {
  const unverified = { document: 'none', unverified: true }
  const registry: Registry = registrySchema.parse({
    format: 1,
    city: {
      id: 'testcity',
      name: { zh: '城', en: 'City' },
      timeZone: 'Asia/Shanghai',
      coordinateReference: 'WGS84',
      captureRatioZone: { zone: 'III', lowerBound: 0.75, provenance: unverified },
    },
    drainageZones: [{ id: 'Z', name: { zh: '区', en: 'Zone' }, system: 'separate' }],
    stations: [{ id: 'ST', name: { zh: '站', en: 'Station' }, position: { lon: 114, lat: 30 } }],
    devices: [
      {
        id: 'D-01',
        station: 'ST',
        model: 'senml-json',
        installedAt: '2000-01-01T00:00:00Z',
        sensors: FIELDS.map((field) => ({ id: prefix + field, field, ...SENSORS[field] })),
      },
    ],
  })
  const index = registryIndex(registry)
  return {
    judges: seriesJudges(index, TIME),
    judgesUnder: (marks) => seriesJudges(index, TIME, marksBySeries(marks)),
    sensors: registry.devices.flatMap(({ sensors }) => sensors),
  }
}

/** @param subject a new, empty store per test; a run of a property has series of its own */
export function judgePromises(subject: Subject): void {
  const turn = { run: 0, seq: 1 }

  /** A level that jumps, a rain that mostly is none; steps with gaps and a long silence. */
  const row = fc
    .record({
      field: fc.constantFrom(...FIELDS),
      step: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 2000, max: 2010 }) },
      ),
      // Off the step now and then.
      jitterMs: fc.constantFrom(0, 0, 0, 7_000),
      value: fc.constantFrom(null, 0, 0, 0, 0, 0.1, 0.1, 1, 1.5, 3, 8),
      rank: fc.constantFrom(-Infinity, -Infinity, 1, 2),
      origin: fc.constantFrom(0, 0, 3),
    })
    .map(({ field, step, jitterMs, ...draft }): RowDraft => {
      return { ...draft, series: field, atMs: START_MS + step * STEP_MS + jitterMs, flag: 2 }
    })
  const steady = (series: string, fromStep: number, value: number): RowDraft[] =>
    Array.from({ length: 14 }, (_, step) => ({
      series,
      atMs: START_MS + (fromStep + step) * STEP_MS,
      value,
      flag: 2,
    }))
  /** Every step of a few hours, some of them in the sun of other gauges. */
  const whole = fc
    .tuple(fc.constantFrom(...FIELDS), fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 0.1, 3))
    .map(([field, from, value]) => steady(field, from, value))
  /** Chance seldom has three whole gauges at one time, and without them the neighbour test is silent. */
  const oneDryGauge = {
    rows: [...steady('rainC', 0, 3), ...steady('rainA', 0, 0), ...steady('rainB', 0, 3)].reverse(),
    cuts: [5, 20, 1, 3, 9],
    restartAfter: 1,
  }
  const given = fc
    .tuple(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.array(whole, { maxLength: 8 }),
      fc.boolean(),
    )
    .chain(([single, wholes, inOrder]) => {
      const rows = [...single, ...wholes.flat()]
      const again = [...rows, ...single.slice(0, 9)]
      return fc.record({
        rows: inOrder
          ? fc.constant(again.toSorted((a, b) => a.atMs - b.atMs))
          : fc.shuffledSubarray(again, { minLength: again.length, maxLength: again.length }),
        cuts: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 5, maxLength: 12 }),
        restartAfter: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null, freq: 2 }),
      })
    })

  test('flags and tests of a stream in any order and batching are those of the whole record', async () => {
    const RUNS = 25
    const spoken = { flags: new Set<number>(), bits: 0 }
    await fc.assert(
      fc.asyncProperty(given, async ({ rows, cuts, restartAfter }) => {
        const prefix = `run${turn.run++}.`
        const { judges, sensors } = judgedCity(prefix)
        const own = rows.map((draft) => ({ ...draft, series: prefix + draft.series }))
        let from = 0
        for (const [index, size] of [...cuts, own.length].entries()) {
          const part = own.slice(from, from + size)
          from += size
          if (part.length === 0) break
          await subject.store.append({ ...rowsBatch(turn.seq++, part), judges })
          if (index === restartAfter) await subject.reopen()
        }
        const expected = batchFlags(own, sensors)
        const latest = new Map(
          (await subject.store.latest(expected.map(({ series }) => series))).map((newest) => [
            newest.series,
            newest.flag,
          ]),
        )
        for (const { series, flags, tests } of expected) {
          const read = await subject.store.read(series, ALWAYS)
          expect([series, [...read.flags]]).toEqual([series, flags])
          expect([series, [...read.tests]]).toEqual([series, tests])
          expect([series, latest.get(series)]).toEqual([series, flags.at(-1)])
          for (const flag of flags) spoken.flags.add(flag)
          for (const bits of tests) spoken.bits |= bits
        }
      }),
      { numRuns: RUNS, examples: [[oneDryGauge]] },
    )
    expect(turn.run).toBeGreaterThanOrEqual(RUNS)
    // Every flag was there, and every test that runs in the stream has spoken: all but location.
    expect([...spoken.flags].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 9])
    expect(spoken.bits).toBe(0b1_0111_1111)
  })

  describe('judges', () => {
    const spiky = (step: number, value: number | null, rank = -Infinity): RowDraft => ({
      series: 'spiky',
      atMs: START_MS + step * STEP_MS,
      value,
      flag: 2,
      rank,
    })
    const { judges } = judgedCity('')
    const flags = async (series: string): Promise<readonly number[]> => [
      ...(await subject.store.read(series, ALWAYS)).flags,
    ]

    test('a row is judged again when the row after it comes, days later too', async () => {
      await subject.store.append({ ...rowsBatch(1, [spiky(0, 0), spiky(1, 5)]), judges })
      expect(await flags('spiky')).toEqual([2, 2])
      await subject.store.append({ ...rowsBatch(2, [spiky(9000, 0)]), judges })
      expect(await flags('spiky')).toEqual([2, 4, 2])
    })

    test('a late row and a revision set right what stands beside them', async () => {
      const first = [0, 1, 3, 4].map((step) => spiky(step, step === 1 ? 2 : 0))
      await subject.store.append({ ...rowsBatch(1, first), judges })
      expect(await flags('spiky')).toEqual([2, 3, 1, 2])
      await subject.reopen()
      await subject.store.append({ ...rowsBatch(2, [spiky(2, 4)]), judges })
      expect(await flags('spiky')).toEqual([2, 1, 3, 3, 2])
      await subject.store.append({ ...rowsBatch(3, [spiky(2, 1, 7)]), judges })
      expect(await flags('spiky')).toEqual([2, 3, 1, 1, 2])
    })

    test('rows later by hours than all that is remembered are judged among what is stored', async () => {
      const { sensors } = judgedCity('')
      const rows = ['spiky', 'still', 'all', 'season', 'rainA', 'rainB', 'rainC'].flatMap(
        (series, turns) =>
          Array.from({ length: 300 }, (_, step): RowDraft => {
            const value = step % 50 < 30 ? 0 : ((step * 7 + turns) % 11) / 2
            return { series, atMs: START_MS + step * STEP_MS, value, flag: 2 }
          }),
      )
      const late = rows.filter((_, index) => index % 37 === 5 || index % 300 === 1)
      const timely = rows.filter((row) => !late.includes(row)).toSorted((a, b) => a.atMs - b.atMs)
      let seq = 1
      for (let from = 0; from < timely.length; from += 200) {
        const part = timely.slice(from, from + 200)
        await subject.store.append({ ...rowsBatch(seq++, part), judges })
      }
      for (const part of [late.slice(0, 9), late.slice(9)]) {
        await subject.store.append({ ...rowsBatch(seq++, part), judges })
      }
      const expected = batchFlags(rows, sensors)
      expect(expected).toHaveLength(7)
      for (const { series, flags: wanted } of expected) {
        expect([series, ...(await flags(series))]).toEqual([series, ...wanted])
      }
    })

    test('days are counted and steps flagged by the flags as they are now', async () => {
      const window = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
      await subject.store.append({ ...rowsBatch(1, [spiky(0, 0), spiky(1, 5)]), judges })
      await subject.store.append({ ...rowsBatch(2, [spiky(2, 0)]), judges })
      const [day] = await subject.store.coverage(['spiky'], window, 0)
      expect([day?.notEvaluated, day?.fail]).toEqual([2, 1])
      const [steps] = await subject.store.aggregate(['spiky'], window, STEP_MS)
      expect([...(steps?.flags ?? [])]).toEqual([2, 4, 2])
      expect([...(steps?.counts ?? [])]).toEqual([1, 0, 1])
    })

    test('a dry gauge is suspect once two wet neighbours are known, whoever came first', async () => {
      const rain = (series: string, value: number): RowDraft[] =>
        [1, 2, 3, 4].map((step) => ({ series, atMs: START_MS + step * STEP_MS, value, flag: 1 }))
      await subject.store.append({ ...rowsBatch(1, rain('rainA', 0)), judges })
      await subject.store.append({ ...rowsBatch(2, rain('rainB', 1)), judges })
      expect(await flags('rainA')).toEqual([1, 1, 1, 1])
      await subject.store.append({ ...rowsBatch(3, rain('rainC', 1)), judges })
      expect(await flags('rainA')).toEqual([3, 3, 3, 3])
      expect(await flags('rainB')).toEqual([1, 1, 1, 1])
    })

    test('a series without a judge keeps the flags that its rows bring', async () => {
      const draft = { series: 'flow', atMs: START_MS, value: 1, flag: 3, tests: 5 }
      await subject.store.append({ ...projectionBatch(1, [{ rows: [draft] }]), judges })
      const { flags: kept, tests } = await subject.store.read('flow', ALWAYS)
      expect([[...kept], [...tests]]).toEqual([[3], [5]])
    })
  })
}

/** Flags by the domain's functions over each sensor's sorted current values; unjudged ones as given. */
function batchFlags(
  rows: readonly RowDraft[],
  sensors: readonly Sensor[],
): readonly { readonly series: string; readonly flags: number[]; readonly tests: number[] }[] {
  const records = new Map(sensors.map(({ id }) => [id, currentRecord(rows, id)]))
  return sensors.flatMap((sensor) => {
    const { id } = sensor
    const record = records.get(id)
    if (record === undefined || record.atMs.length === 0) return []
    if (id.endsWith('flow')) {
      const given = [...record.values].map((value) => (Number.isNaN(value) ? 9 : 2))
      return [{ series: id, flags: given, tests: given.map(() => 0) }]
    }
    const intervalMs = sensor.reporting.type === 'periodic' ? STEP_MS : null
    const neighbours = [...records].flatMap(([other, found]) =>
      other !== id && other.includes('rain') ? [{ ...found, intervalMs: STEP_MS }] : [],
    )
    const { flags, tests } = recordFlags(
      { ...record, intervalMs, utcOffsetMs: () => 8 * HOUR_MS, neighbours },
      qualitySettings(sensor),
    )
    return [{ series: id, flags: [...flags], tests: [...tests] }]
  })
}

function currentRecord(
  rows: readonly RowDraft[],
  series: string,
): { readonly atMs: Float64Array; readonly values: Float64Array } {
  const current = new Map<number, { value: number; rank: number; origin: number }>()
  for (const { series: id, atMs, value, rank = -Infinity, origin = 0 } of rows) {
    if (id !== series) continue
    const candidate = { value: value ?? Number.NaN, rank, origin }
    const known = current.get(atMs)
    if (known === undefined || supersedes(candidate, known)) current.set(atMs, candidate)
  }
  const ordered = [...current].sort(([a], [b]) => a - b)
  return {
    atMs: Float64Array.from(ordered, ([atMs]) => atMs),
    values: Float64Array.from(ordered, ([, { value }]) => value),
  }
}
