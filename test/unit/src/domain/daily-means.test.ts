import { expect, test } from 'vitest'
import { dailyMeans } from '../../../../src/domain/daily-means.js'
import { FLAG, ORIGIN } from '../../../../src/domain/flag.js'
import { localTime } from '../../../../src/domain/local-time.js'
import { JUDGED, JUDGED_WITHOUT_SUSPECT } from '../../../../src/domain/selection.js'
import { series, type Row } from './rain/series.js'

const SHANGHAI = localTime('Asia/Shanghai')

/** Rows on the hour from 2026-06-01 00:00 local, the value being the hour. */
function hours(from: number, to: number): Row[] {
  return Array.from({ length: to - from }, (_, i) => ({ min: (from + i) * 60, value: from + i }))
}

test('a local day is the mean of its hours', () => {
  // 0 … 23 has the mean 11.5; 24 … 47 has 35.5.
  expect(dailyMeans(series(hours(0, 48)), JUDGED, SHANGHAI, 20)).toEqual([
    { day: '2026-06-01', value: 11.5, hours: 24 },
    { day: '2026-06-02', value: 35.5, hours: 24 },
  ])
})

test('twenty hours make a day, nineteen do not', () => {
  // 4 … 23 has the mean 13.5.
  const [twenty] = dailyMeans(series(hours(4, 24)), JUDGED, SHANGHAI, 20)
  expect(twenty).toEqual({ day: '2026-06-01', value: 13.5, hours: 20 })
  const [nineteen] = dailyMeans(series(hours(5, 24)), JUDGED, SHANGHAI, 20)
  expect(nineteen).toEqual({ day: '2026-06-01', value: null, hours: 19 })
})

test('an hour read often weighs as much as one read once', () => {
  const rows = [
    { min: 0, value: 10 },
    { min: 15, value: 12 },
    { min: 30, value: 14 },
    { min: 60, value: 20 },
  ]
  // (mean of 10, 12, 14) = 12, with 20: 16.
  expect(dailyMeans(series(rows), JUDGED, SHANGHAI, 1)).toEqual([
    { day: '2026-06-01', value: 16, hours: 2 },
  ])
})

test('a mean over a span belongs to the hour and day of its middle', () => {
  // The hour that ends at midnight is the last of the day before.
  const rows = [
    { min: 0, value: 5, spanMin: 60 },
    { min: 60, value: 9, spanMin: 60 },
  ]
  expect(dailyMeans(series(rows), JUDGED, SHANGHAI, 1)).toEqual([
    { day: '2026-05-31', value: 5, hours: 1 },
    { day: '2026-06-01', value: 9, hours: 1 },
  ])
})

test('a daily mean stands for its 24 hours; half a day of it for twelve of the next', () => {
  const day = 24 * 60
  const published = [{ min: day, value: 21, spanMin: day }]
  expect(dailyMeans(series(published), JUDGED, SHANGHAI, 20)).toEqual([
    { day: '2026-06-01', value: 21, hours: 24 },
  ])
  // From noon to noon: twelve hours of either day, each too few.
  const noon = [{ min: 1.5 * day, value: 21, spanMin: day }]
  expect(dailyMeans(series(noon), JUDGED, SHANGHAI, 13)).toEqual([
    { day: '2026-06-01', value: null, hours: 12 },
    { day: '2026-06-02', value: null, hours: 12 },
  ])
})

test('missing, failed and filled values are no hours; suspect ones as the selection says', () => {
  const rows = [
    { min: 0, value: 10 },
    { min: 60, value: null },
    { min: 120, value: 99, flag: FLAG.fail },
    { min: 180, value: 99, origin: ORIGIN.filled },
    { min: 240, value: 20, flag: FLAG.suspect },
  ]
  expect(dailyMeans(series(rows), JUDGED, SHANGHAI, 1)).toMatchObject([{ value: 15, hours: 2 }])
  expect(dailyMeans(series(rows), JUDGED_WITHOUT_SUSPECT, SHANGHAI, 1)).toMatchObject([
    { value: 10, hours: 1 },
  ])
  expect(dailyMeans(series([{ min: 0, value: null }]), JUDGED, SHANGHAI, 1)).toEqual([])
})
