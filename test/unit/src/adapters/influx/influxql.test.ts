import { expect, test } from 'vitest'
import {
  amongSeries,
  byStepMs,
  duringMs,
  quotedName,
  quotedText,
} from '../../../../../src/adapters/influx/influxql.js'

test('quotes, backslashes and line ends cannot leave a literal', () => {
  expect(quotedText(`it's`)).toBe(`'it\\'s'`)
  expect(quotedText(`\\' OR 1=1`)).toBe(`'\\\\\\' OR 1=1'`)
  expect(quotedText('two\nlines')).toBe(`'two\\nlines'`)
  expect(quotedName('a"; DROP DATABASE x')).toBe('"a\\"; DROP DATABASE x"')
})

test('several series are one condition', () => {
  expect(amongSeries(['A', 'B'])).toBe(`("series" = 'A' OR "series" = 'B')`)
})

test('times are whole milliseconds within what the server can keep', () => {
  expect(duringMs(1000, 2000)).toBe('time >= 1000ms AND time < 2000ms')
  // An instant at or after 0.5 is one at or after 1: times are integers.
  expect(duringMs(0.5, 1.5)).toBe('time >= 1ms AND time < 2ms')
  expect(duringMs(-1e18, 1e18)).toBe('time >= -9223372036854ms AND time < 9223372036854ms')
})

test('steps begin at their anchor, wherever that lies', () => {
  expect(byStepMs(605_000, 600_000)).toBe('GROUP BY time(600000ms, 5000ms), "series" fill(none)')
  expect(byStepMs(-5_000, 600_000)).toBe('GROUP BY time(600000ms, 595000ms), "series" fill(none)')
})
