import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joined } from '../../../../../src/adapters/influx/spans.js'
import { HOUR_MS } from '../../../../../src/domain/time.js'

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs })

test('spans less than six hours apart are read together, six hours apart they are not', () => {
  const first = span(0, HOUR_MS)
  expect(joined([first, span(7 * HOUR_MS - 1, 8 * HOUR_MS)])).toEqual([span(0, 8 * HOUR_MS)])
  expect(joined([first, span(7 * HOUR_MS, 8 * HOUR_MS)])).toHaveLength(2)
})

test('a span within another adds nothing, and the order given does not matter', () => {
  expect(joined([span(50, 60), span(0, 100)])).toEqual([span(0, 100)])
  expect(joined([])).toEqual([])
})

test('everything given is within one of the joined spans, which ascend and do not touch', () => {
  const spans = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 50 }))
      .map(([start, hours]) => span(start * HOUR_MS, (start + hours) * HOUR_MS)),
  )
  fc.assert(
    fc.property(spans, (given) => {
      const result = joined(given)
      for (const { fromMs, toMs } of given) {
        expect(result.some((one) => one.fromMs <= fromMs && toMs <= one.toMs)).toBe(true)
      }
      for (const [index, one] of result.entries()) {
        const next = result[index + 1]
        if (next !== undefined) expect(next.fromMs - one.toMs).toBeGreaterThanOrEqual(6 * HOUR_MS)
      }
    }),
  )
})
