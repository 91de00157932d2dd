import { expect, test } from 'vitest'
import { pointLine, seriesTag } from '../../../../../src/adapters/influx/line.js'

const point = { value: 1.5, flag: 1, tests: 3, origin: 0, spanMs: 0, rank: 8, seq: 12 }

test('a point has every field, as floats, and its time in ms', () => {
  expect(pointLine('observation,series=A', 0, point, 1_780_272_000_000)).toBe(
    'observation,series=A,rev=0 value=1.5,nano=1500000000,flag=1,weight=2,tests=3,origin=0,span=0,rank=8,seq=12 1780272000000',
  )
})

test('a missing value has neither value nor billionths, and is not zero', () => {
  const line = pointLine('observation,series=A', 1, { ...point, value: Number.NaN, flag: 9 }, 5)
  expect(line).toBe(
    'observation,series=A,rev=1 flag=9,weight=0,tests=3,origin=0,span=0,rank=8,seq=12 5',
  )
})

test('no rank is the lowest number there is, because a line has no infinity', () => {
  expect(pointLine('m', 0, { ...point, rank: -Infinity }, 5)).toContain(
    'rank=-1.7976931348623157e+308',
  )
})

test('billionths that a double cannot hold are left out', () => {
  // 2^53 billionths are about 9.007 million units.
  expect(pointLine('m', 0, { ...point, value: 9_007_199 }, 5)).toContain('nano=9007199000000000,')
  expect(pointLine('m', 0, { ...point, value: 9_007_200 }, 5)).not.toContain('nano')
})

test('a repetition leaves the entry that first brought its value', () => {
  expect(pointLine('m', 0, { ...point, seq: null }, 5)).toMatch(/rank=8 5$/)
})

test('commas, spaces and equal signs of an id are escaped', () => {
  expect(seriesTag('a b,c=d')).toBe('observation,series=a\\ b\\,c\\=d')
  expect(seriesTag('雨量站.rain')).toBe('observation,series=雨量站.rain')
  expect(seriesTag('back\\slash')).toBe('observation,series=back\\slash')
})

test('an id that a line cannot carry has no tag', () => {
  for (const id of [
    '',
    'two\nlines',
    'two\rlines',
    'ends with \\',
    'a\\ b',
    'a\\,b',
    'a\\=b',
    '\\\\',
  ]) {
    expect([id, seriesTag(id)]).toEqual([id, null])
  }
})
