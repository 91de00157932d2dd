import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { columnsSha256 } from '../../../../src/assess/canonical.js'

function hashOf(values: Float64Array): string {
  return columnsSha256({
    series: 'S',
    atMs: Float64Array.from(values, (_, i) => i),
    spanMs: new Float64Array(values.length),
    values,
    flags: new Uint8Array(values.length).fill(1),
    tests: new Uint16Array(values.length),
    origins: new Uint8Array(values.length),
  })
}

test('the hash is over the bytes of the columns, least significant byte first', () => {
  // 1.5 is 0x3ff8000000000000, a missing value 0x7ff8000000000000 (IEEE 754-2019, table 3.5).
  const at = '0000000000000000000000000000f03f'
  const span = '00'.repeat(16)
  const value = '000000000000f83f000000000000f87f'
  const bytes = Buffer.from(`${at}${span}${value}01010000`, 'hex')
  expect(hashOf(Float64Array.of(1.5, Number.NaN))).toBe(
    createHash('sha256').update(bytes).digest('hex'),
  )
})

test('neither the bits of a missing value nor the sign of zero show', () => {
  const other = Float64Array.of(0, 0)
  const bits = new BigUint64Array(other.buffer)
  bits[0] = 0xfff8000000000001n
  expect(Number.isNaN(other[0])).toBe(true)
  expect(hashOf(other)).toBe(hashOf(Float64Array.of(Number.NaN, 0)))
  expect(hashOf(Float64Array.of(-0, 1))).toBe(hashOf(Float64Array.of(0, 1)))
  expect(hashOf(Float64Array.of(-0, 1))).not.toBe(hashOf(Float64Array.of(1, 0)))
})
