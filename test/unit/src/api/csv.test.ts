import { expect, test } from 'vitest'
import { csvRow, observationsCsv } from '../../../../src/api/csv.js'
import type { SeriesColumns } from '../../../../src/domain/observation.js'

test('fields with a comma, a quote or a line break are quoted [RFC 4180 §2.5–2.7]', () => {
  expect(csvRow(['plain', 'a,b', 'say "no"', 'two\r\nlines', ''])).toBe(
    'plain,"a,b","say ""no""","two\r\nlines",\r\n',
  )
})

test('a missing value is an empty field, zero is not', async () => {
  async function* stretches(): AsyncGenerator<SeriesColumns> {
    yield {
      series: 'RG-1.rain',
      atMs: Float64Array.of(0, 1000),
      spanMs: Float64Array.of(0, 0),
      values: Float64Array.of(0, Number.NaN),
      flags: Uint8Array.of(1, 9),
      tests: new Uint16Array(2),
      origins: Uint8Array.of(0, 3),
    }
  }
  let text = ''
  for await (const part of observationsCsv('mm', stretches())) text += part
  expect(text.split('\r\n')).toEqual([
    'time_utc,at_ms,span_ms,value [mm],flag,origin',
    '1970-01-01T00:00:00.000Z,0,0,0,1,measured',
    '1970-01-01T00:00:01.000Z,1000,0,,9,imported',
    '',
  ])
})
