import { expect, test } from 'vitest'
import {
  inverseDistanceWeights,
  thiessenWeights,
} from '../../../../../src/domain/rain/gauge-weights.js'

/** A square of 0.02° at the equator, where a degree is as long both ways. */
const SQUARE = [
  { lon: 0, lat: -0.01 },
  { lon: 0.02, lat: -0.01 },
  { lon: 0.02, lat: 0.01 },
  { lon: 0, lat: 0.01 },
]

const gauge = (sensor: string, lon: number, lat: number) => ({ sensor, lon, lat })

test('Thiessen shares are areas nearer to each gauge', () => {
  // The bisector between 0 and 0.01 stands at 0.005, a quarter of the width.
  expect(thiessenWeights(SQUARE, [gauge('A', 0, 0), gauge('B', 0.01, 0)])).toEqual([
    { sensor: 'B', weight: expect.closeTo(0.75, 9) as number },
    { sensor: 'A', weight: expect.closeTo(0.25, 9) as number },
  ])
  // Four gauges in the corners have a quarter each, whatever the order they come in.
  const corners = SQUARE.map(({ lon, lat }, i) => gauge(`G${i}`, lon, lat))
  for (const { weight } of thiessenWeights(SQUARE, corners.toReversed())) {
    expect(weight).toBeCloseTo(0.25, 9)
  }
})

test('a gauge far away has no share, one alone has all, a second at the same place none', () => {
  expect(thiessenWeights(SQUARE, [gauge('A', 0.01, 0), gauge('FAR', 3, 3)])).toEqual([
    { sensor: 'A', weight: 1 },
  ])
  expect(thiessenWeights(SQUARE, [gauge('A', 9, 9)])).toEqual([{ sensor: 'A', weight: 1 }])
  expect(thiessenWeights(SQUARE, [gauge('A', 0.01, 0), gauge('TWIN', 0.01, 0)])).toEqual([
    { sensor: 'A', weight: 1 },
  ])
})

test('a concave outline counts both parts that a bisector leaves', () => {
  // A U of three squares of 0.01° side around an open one; the upper half belongs to the north gauge.
  const u = [
    ...[gauge('', 0, 0), gauge('', 0.03, 0), gauge('', 0.03, 0.02), gauge('', 0.02, 0.02)],
    ...[gauge('', 0.02, 0.01), gauge('', 0.01, 0.01), gauge('', 0.01, 0.02), gauge('', 0, 0.02)],
  ]
  const shares = thiessenWeights(u, [gauge('N', 0.015, 0.03), gauge('S', 0.015, -0.01)])
  // Above 0.01 stand two of the five squares.
  expect(shares).toEqual([
    { sensor: 'S', weight: expect.closeTo(0.6, 4) as number },
    { sensor: 'N', weight: expect.closeTo(0.4, 4) as number },
  ])
})

test('inverse distances weigh by their square', () => {
  // The middle is at 0.01, 0: distances of 0.01° and 0.02°.
  const shares = inverseDistanceWeights(SQUARE, [gauge('A', 0, 0), gauge('B', 0.03, 0)], 2)
  expect(shares).toEqual([
    { sensor: 'A', weight: expect.closeTo(0.8, 9) as number },
    { sensor: 'B', weight: expect.closeTo(0.2, 9) as number },
  ])
  const there = inverseDistanceWeights(SQUARE, [gauge('A', 0.01, 0), gauge('B', 0.03, 0)], 2)
  expect(there).toEqual([{ sensor: 'A', weight: 1 }])
})

test('an outline without area has no weights', () => {
  const line = [gauge('', 0, 0), gauge('', 0.01, 0), gauge('', 0.02, 0)]
  expect(() => thiessenWeights(line, [gauge('A', 0, 0)])).toThrow(RangeError)
})
