import { afterAll, expect, test } from 'vitest'
import { readRegistry } from '../../src/adapters/city-file/index.js'
import { computeHere, openComputeThread } from '../../src/assess/index.js'
import type { SeriesColumns } from '../../src/domain/observation.js'
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time.js'
import { smallCity } from '../setup/small-city.js'

const START_MS = Date.UTC(2026, 5, 1)
const WINDOW = { fromMs: START_MS, toMs: START_MS + 24 * HOUR_MS }

const thread = openComputeThread()
afterAll(() => thread.close())

function rain(): SeriesColumns {
  const rows = 288
  return {
    series: 'RG.rain',
    atMs: Float64Array.from({ length: rows }, (_, i) => START_MS + (i + 1) * 5 * MINUTE_MS),
    spanMs: new Float64Array(rows).fill(5 * MINUTE_MS),
    values: Float64Array.from({ length: rows }, (_, i) => (i >= 60 && i < 84 ? 0.5 : 0)),
    flags: new Uint8Array(rows).fill(1),
    tests: new Uint16Array(rows),
    origins: new Uint8Array(rows),
  }
}

function group(indicator = 'rain-events') {
  const text = smallCity({
    sensors: [
      {
        ...{ device: 'RG', field: 'rain', quantity: 'rain_depth', unit: 'mm' },
        ...{ kind: '{ type: increment }', reporting: '{ type: periodic, intervalS: 300 }' },
      },
    ],
  })
  const reading = readRegistry(text, { models: ['senml-json'] })
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const want = { role: 'rain', series: 'RG.rain', ...WINDOW }
  const parameters = { interEventH: 6, minDepthMm: 2, rainStepMin: 5, coverageMin: 0.9 }
  return {
    registry: reading.registry,
    sha256: 'ab'.repeat(32),
    items: [
      {
        ...{ indicator, subject: { kind: 'gauge' as const, id: 'RG.rain' } },
        ...{ window: WINDOW, parameters, wants: [want] },
      },
    ],
    columns: new Map([[`${want.fromMs} ${want.toMs} ${want.series}`, rain()]]),
  }
}

test('the thread comes to the bytes that this one comes to, group after group', async () => {
  const here = await computeHere(group())
  expect(here).toMatchObject([{ value: 1, inputs: [{ series: 'RG.rain', count: 288 }] }])
  const [first, second] = await Promise.all([thread.compute(group()), thread.compute(group())])
  expect(JSON.stringify(first)).toBe(JSON.stringify(here))
  expect(second).toEqual(here)
})

test('columns are handed over, not copied', async () => {
  const given = group()
  await thread.compute(given)
  expect([...given.columns.values()].map(({ values }) => values.length)).toEqual([0])
})

test('what goes wrong there is told here, and the next group works', async () => {
  await expect(thread.compute(group('pudding'))).rejects.toThrow('there is no indicator pudding')
  expect(await thread.compute(group())).toHaveLength(1)
})

test('a thread that has ended is replaced', async () => {
  await thread.close()
  expect(await thread.compute(group())).toHaveLength(1)
})
