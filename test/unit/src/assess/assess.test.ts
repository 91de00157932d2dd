import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalBytes, openAssess } from '../../../../src/assess/index.js'
import { indicatorResultSchema } from '../../../../src/domain/indicators/result.js'
import { MINUTE_MS } from '../../../../src/domain/time.js'
import { everyFive, smallCity } from '../domain/indicators/small-city.js'
import { at, series, window, type Row } from '../domain/rain/series.js'
import { recordedSeries, registryOf } from './recorded-series.js'

const DAY = 1440
const WINDOW = window(0, 2 * DAY)

function rows(value: (min: number) => number): Row[] {
  return everyFive(-9 * DAY, 5 * DAY, value)
}

const RAIN = rows((min) => (min > 600 && min <= 660 ? 1.5 : 0))
const FLOW = rows((min) => (min > 600 && min < 780 ? 0.02 : 0.001))
const PONDING = rows((min) => (min >= 620 && min < 680 ? 100 : 0))

const YEARS = { before: { fromYear: 2019, toYear: 2023 }, after: { fromYear: 2025, toYear: 2025 } }
const SECTIONS = {
  groundwater: { wells: [{ sensor: 'GW', areaM2: 100 }], ...YEARS },
  heatIsland: { inside: ['T1'], outside: ['T2'], ...YEARS },
}

function opened(rain: readonly Row[] = RAIN) {
  const store = recordedSeries([
    series(rain, 'RG'),
    series(FLOW, 'F1'),
    series(FLOW, 'F2'),
    series(PONDING, 'PD'),
  ])
  const registry = registryOf(smallCity({ sections: SECTIONS }))
  return {
    store,
    assess: openAssess({ store, registry, schemes: [], labResults: () => Promise.resolve([]) }),
  }
}

const QUERY = {
  indicator: 'measured-capture-ratio',
  subject: 'Z1',
  window: WINDOW,
  parameters: {},
}

test('every indicator answers for every subject of its kinds, in the shape the API promises', async () => {
  const { assess } = opened()
  const subjects = {
    gauge: ['RG'],
    catchment: ['C1', 'C2'],
    outfall: ['O1', 'O2'],
    zone: ['Z1'],
    'ponding-point': ['P1'],
    city: ['small'],
  }
  let answers = 0
  for (const { id, subjectKinds } of assess.indicators()) {
    for (const subject of subjectKinds.flatMap((kind) => subjects[kind])) {
      const answer = await assess.evaluate({ ...QUERY, indicator: id, subject })
      if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
      expect(indicatorResultSchema.parse(answer.result)).toEqual(answer.result)
      expect(answer.result.inputs.length).toBeGreaterThan(0)
      answers++
    }
  }
  expect(answers).toBe(3 + 2 + 2 + 3 + 1 + 2)
})

test('the same series give the same bytes, and each series is read once', async () => {
  const first = opened()
  const second = opened()
  const bytes = async ({ assess }: ReturnType<typeof opened>) => {
    const answer = await assess.evaluate(QUERY)
    if (!answer.ok) throw new Error('not evaluated')
    return Buffer.from(canonicalBytes(answer.result)).toString()
  }
  expect(await bytes(first)).toBe(await bytes(second))
  expect([...first.store.reads].sort()).toEqual(['F1', 'F2', 'RG'])
})

test('an input is cited with the hash of its columns', async () => {
  const short = RAIN.filter(({ min }) => min >= 600 && min <= 610)
  const answer = await opened(short).assess.evaluate({
    ...QUERY,
    indicator: 'rain-events',
    subject: 'RG',
  })
  if (!answer.ok) throw new Error('not evaluated')
  const doubles = (numbers: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(8 * numbers.length)
    for (const [i, number] of numbers.entries()) bytes.writeDoubleLE(number, 8 * i)
    return bytes
  }
  const columns = [doubles([at(600), at(605), at(610)]), doubles([0, 0, 0]), doubles([0, 1.5, 1.5])]
  const bytes = Buffer.concat([...columns, Buffer.from([1, 1, 1]), Buffer.from([0, 0, 0])])
  expect(answer.result.inputs).toMatchObject([
    {
      role: 'rain',
      series: 'RG',
      count: 3,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  ])
})

test('what is wrong with a query is said all at once', async () => {
  const answer = await opened().assess.evaluate({
    ...QUERY,
    subject: 'Z9',
    window: { fromMs: 5, toMs: 5 },
    parameters: { interEventH: '0', coverageMin: 'much', colour: 'red' },
  })
  if (answer.ok) throw new Error('taken')
  expect(answer.faults.map(({ field }) => field)).toEqual([
    'subject',
    'to',
    'interEventH',
    'coverageMin',
    'colour',
  ])
  const unknown = await opened().assess.evaluate({ ...QUERY, indicator: 'beauty' })
  expect(unknown).toMatchObject({ ok: false, faults: [{ field: 'indicator' }] })
})

test('a parameter that is given changes the result and is cited in it', async () => {
  const answer = await opened().assess.evaluate({ ...QUERY, parameters: { minDepthMm: '20' } })
  if (!answer.ok) throw new Error('not evaluated')
  expect(answer.result.parameters).toMatchObject({ minDepthMm: 20, interEventH: 6 })
  expect(answer.result.table).toEqual([])
})

test('a hyetograph holds every step of the window, and null where nothing is known', async () => {
  const gap = RAIN.filter(({ min }) => min <= 630 || min > 640)
  const found = await opened(gap).assess.hyetograph('RG', window(600, 660), 10 * MINUTE_MS)
  expect(found.fromMs).toEqual([600, 610, 620, 630, 640, 650].map(at))
  expect(found.depthMm).toEqual([3, 3, 3, null, 3, 3])
  expect(found.coverage).toEqual([1, 1, 1, 0, 1, 1])
  expect(found.worstFlag).toEqual([1, 1, 1, 9, 1, 1])
})

test('a hydrograph shows a gap as a gap, and repeats a value until the next is due', async () => {
  const store = recordedSeries([
    series(
      [
        { min: 0, value: 1 },
        { min: 5, value: 3 },
        { min: 20, value: 5 },
      ],
      'F1',
    ),
  ])
  const assess = openAssess({
    store,
    registry: registryOf(smallCity()),
    schemes: [],
    labResults: () => Promise.resolve([]),
  })
  const coarse = await assess.hydrograph('F1', window(0, 30), 10 * MINUTE_MS)
  expect(coarse).toMatchObject({ mean: [2, null, 5], max: [3, null, 5], coverage: [1, 0, 0.5] })
  const fine = await assess.hydrograph('F1', window(2, 12), MINUTE_MS)
  // The reading of minute 0 holds until 5, that of minute 5 until 10.
  expect(fine.mean).toEqual([1, 1, 1, 3, 3, 3, 3, 3, null, null])
})

test('rain events of a page overlap its window and carry their peaks as intensities', async () => {
  const events = await opened().assess.rainEvents({
    subject: { kind: 'gauge', id: 'RG' },
    window: window(630, 640),
    interEventMs: 6 * 60 * MINUTE_MS,
    minDepthMm: 2,
  })
  expect(events).toMatchObject([
    { fromMs: at(600), toMs: at(660), depthMm: 18, peak60MmH: 18, peak5MmH: 18, coverage: 1 },
  ])
})

test('canonical bytes do not depend on the order of keys', () => {
  const text = (value: unknown) => Buffer.from(canonicalBytes(value)).toString()
  expect(text({ b: 1, a: [0.1, null] })).toBe('{"a":[0.1,null],"b":1}')
  expect(() => canonicalBytes(undefined)).toThrow(TypeError)
})
