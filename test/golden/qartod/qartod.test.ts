import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { attenuatedSignal } from '../../../src/domain/qc/attenuated-signal.js'
import { climatology } from '../../../src/domain/qc/climatology.js'
import { flatLine } from '../../../src/domain/qc/flat-line.js'
import { grossRange } from '../../../src/domain/qc/gross-range.js'
import { location, WHOLE_EARTH } from '../../../src/domain/qc/location.js'
import { neighbour } from '../../../src/domain/qc/neighbour.js'
import { rateOfChange } from '../../../src/domain/qc/rate-of-change.js'
import { spike } from '../../../src/domain/qc/spike.js'
import { timeGap } from '../../../src/domain/qc/time-gap.js'
import { worstFlag } from '../../../src/domain/qc/worst-flag.js'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/domain/time.js'

const column = z
  .array(z.number().nullable())
  .transform((cells) => Float64Array.from(cells, (cell) => cell ?? Number.NaN))
const range = z.tuple([z.number(), z.number()])
const verdict = {
  name: z.string(),
  expected: z.array(z.number()),
  ours: z.record(z.string(), z.number()).default({}),
}
const levels = { suspect: z.number(), fail: z.number() }
const values = column

const vectors = z
  .strictObject({
    grossRange: z.array(z.strictObject({ ...verdict, values, fail: range, suspect: range })).min(1),
    climatology: z
      .array(
        z.strictObject({
          ...verdict,
          values,
          times: z.array(z.string()),
          seasons: z.array(
            z.strictObject({
              fromDay: z.number(),
              toDay: z.number(),
              fail: range.optional(),
              suspect: range.optional(),
            }),
          ),
        }),
      )
      .min(1),
    spike: z.array(z.strictObject({ ...verdict, ...levels, values })).min(1),
    rateOfChange: z
      .array(z.strictObject({ ...verdict, values, stepS: z.number(), perS: z.number() }))
      .min(1),
    flatLine: z
      .array(
        z.strictObject({
          ...verdict,
          values,
          stepS: z.number(),
          suspectS: z.number(),
          failS: z.number(),
          tolerance: z.number(),
        }),
      )
      .min(1),
    attenuatedSignal: z
      .array(
        z.strictObject({
          ...verdict,
          ...levels,
          values,
          measure: z.enum(['range', 'standard-deviation']),
          minValues: z.number(),
        }),
      )
      .min(1),
    location: z
      .array(
        z.strictObject({
          ...verdict,
          lon: column,
          lat: column,
          box: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
          maxStepM: z.number().optional(),
        }),
      )
      .min(1),
    aggregate: z.strictObject({
      flags: z.array(z.array(z.number())).min(2),
      expected: z.array(z.number()).min(1),
    }),
  })
  .parse(JSON.parse(await readFile(join(import.meta.dirname, 'vectors.json'), 'utf8')))

/** The reference's flags with the rows exchanged that SOURCE.md gives a reason for. */
function flagsOf(vector: { expected: number[]; ours: Record<string, number> }): number[] {
  return vector.expected.map((flag, row) => vector.ours[row] ?? flag)
}

function every(stepMs: number, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => row * stepMs)
}

test.each(vectors.grossRange)('gross range: $name', (vector) => {
  expect([...grossRange(vector.values, vector)]).toEqual(flagsOf(vector))
})

test.each(vectors.climatology)('climatology: $name', (vector) => {
  const atMs = Float64Array.from(vector.times, (time) => Date.parse(`${time}T00:00:00Z`))
  const record = { atMs, values: vector.values, utcOffsetMs: () => 0 }
  expect([...climatology(record, vector.seasons)]).toEqual(flagsOf(vector))
})

test.each(vectors.spike)('spike: $name', (vector) => {
  expect([...spike(vector.values, vector)]).toEqual(flagsOf(vector))
})

test.each(vectors.rateOfChange)('rate of change: $name', (vector) => {
  const record = {
    atMs: every(vector.stepS * SECOND_MS, vector.values.length),
    values: vector.values,
  }
  expect([...rateOfChange(record, { suspectPerS: vector.perS })]).toEqual(flagsOf(vector))
})

test.each(vectors.flatLine)('flat line: $name', (vector) => {
  const intervalMs = vector.stepS * SECOND_MS
  const atMs = every(intervalMs, vector.values.length)
  const flags = flatLine(
    { atMs, values: vector.values, intervalMs },
    {
      tolerance: vector.tolerance,
      suspectAfterMs: vector.suspectS * SECOND_MS,
      failAfterMs: vector.failS * SECOND_MS,
    },
  )
  expect([...flags]).toEqual(flagsOf(vector))
})

test.each(vectors.attenuatedSignal)('attenuated signal: $name', (vector) => {
  const atMs = every(DAY_MS, vector.values.length)
  const flags = attenuatedSignal(
    { atMs, values: vector.values, intervalMs: DAY_MS },
    {
      windowMs: 2 * DAY_MS,
      measure: vector.measure,
      minValues: vector.minValues,
      suspectBelow: vector.suspect,
      failBelow: vector.fail,
    },
  )
  expect([...flags]).toEqual(flagsOf(vector))
})

test.each(vectors.location)('location: $name', (vector) => {
  const flags = location(vector, { box: vector.box ?? WHOLE_EARTH, maxStepM: vector.maxStepM })
  expect([...flags]).toEqual(flagsOf(vector))
})

test('time gap: 3000 s of 3600 s pass, 7200 s fail', () => {
  const record = {
    atMs: Float64Array.of(0, 3000, 10_200).map((s) => s * SECOND_MS),
    values: Float64Array.of(1, 1, 1),
  }
  expect([...timeGap(record, { failAboveMs: 3600 * SECOND_MS })]).toEqual([2, 1, 4])
})

test.each([
  { perStepMm: 0.5, hourMm: 6, flag: 3 },
  { perStepMm: 0.4, hourMm: 4.8, flag: 1 },
])('neighbour: a dry gauge beside two with $hourMm mm in the hour has flag $flag', (storm) => {
  const intervalMs = 5 * MINUTE_MS
  const atMs = every(intervalMs, 12).map((ms) => ms + intervalMs)
  const wet = { atMs, values: new Float64Array(12).fill(storm.perStepMm), intervalMs }
  const flags = neighbour(
    {
      atMs,
      values: new Float64Array(12),
      intervalMs,
      utcOffsetMs: () => 0,
      neighbours: [wet, wet],
    },
    { windowMs: HOUR_MS, wetAboveMm: 5, atLeast: 2 },
  )
  expect([...flags]).toEqual(Array.from({ length: 12 }, () => storm.flag))
})

test('the aggregate of three tests is the worst of each row', () => {
  const { flags, expected } = vectors.aggregate
  const aggregate = expected.map((_, row) =>
    flags.map((test) => test[row] ?? 9).reduce((worst, flag) => worstFlag(worst, flag), 9),
  )
  expect(aggregate).toEqual(expected)
})
