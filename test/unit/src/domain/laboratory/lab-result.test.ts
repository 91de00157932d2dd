import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { labParameter } from '../../../../../src/domain/laboratory/lab-parameters.js'
import {
  currentLabResults,
  incomingLabResultSchema,
  labValue,
  type LabResult,
} from '../../../../../src/domain/laboratory/lab-result.js'

const RESULT: LabResult = {
  ...{ sample: 'W-1', section: 'gate', sampledMs: 0, parameter: 'ammoniaNitrogen' },
  ...{ value: 1.2, unit: 'mg/L', detectionLimit: 0.025, weather: null },
  ...{ laboratory: 'City Lab', cma: '210012050001', reportSha256: null },
}

function faults(more: Partial<LabResult>): readonly string[] {
  const read = incomingLabResultSchema.safeParse({ ...RESULT, ...more })
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'))
}

test.each([
  ['氨氮', 'ammoniaNitrogen'],
  ['NH3-N', 'ammoniaNitrogen'],
  ['CODcr', 'cod'],
  ['高锰酸盐指数', 'permanganateIndex'],
  ['总 磷', 'totalPhosphorus'],
  ['pH值', 'ph'],
  ['汞', null],
])('%s in a report is %s', (name, parameter) => {
  expect(labParameter(name)).toBe(parameter)
})

test('a value comes in the unit of its parameter, one below the limit as such', () => {
  expect(labValue(RESULT)).toEqual({ value: 1.2, belowLimit: false })
  expect(labValue({ ...RESULT, value: 1200, unit: 'ug/L' })).toEqual({
    value: 1.2,
    belowLimit: false,
  })
  expect(labValue({ ...RESULT, value: null })).toEqual({ value: 0.025, belowLimit: true })
  expect(labValue({ ...RESULT, parameter: '汞', unit: 'ug/L' })).toBeNull()
})

test('what cannot be so is named by its field', () => {
  expect(faults({})).toEqual([])
  expect(faults({ value: null, detectionLimit: null })).toEqual(['detectionLimit'])
  expect(faults({ unit: 'cm' })).toEqual(['unit'])
  expect(faults({ parameter: '氨氮' })).toEqual(['parameter'])
  expect(faults({ parameter: '汞', unit: 'whatever the report says' })).toEqual([])
  expect(faults({ detectionLimit: 0 })).toEqual(['detectionLimit'])
  expect(faults({ value: -0.1 })).toEqual(['value'])
  expect(faults({ parameter: 'redoxPotential', value: -120, unit: 'mV' })).toEqual([])
})

test('the higher revision counts, whatever order files came in', () => {
  const first = { ...RESULT, revision: 0 }
  const other = { ...RESULT, value: 1.3, revision: 0 }
  const mended = { ...RESULT, value: 1.1, revision: 1 }
  const elsewhere = { ...RESULT, section: 'bridge', revision: 0 }
  const all = [first, other, mended, elsewhere, first]
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (results) => {
      expect(currentLabResults(results)).toEqual([elsewhere, mended])
    }),
  )
  // Without a revision one of two is chosen, and always the same.
  expect(currentLabResults([first, other])).toEqual(currentLabResults([other, first]))
})

test('the first sample of August leaves the first of July alone', () => {
  const july = { ...RESULT, sample: '1', sampledMs: Date.UTC(2026, 6, 1), value: 9, revision: 0 }
  const august = { ...july, sampledMs: Date.UTC(2026, 7, 1), value: 0.5 }
  const mended = { ...august, value: 0.6, revision: 1 }
  expect(currentLabResults([august, mended, july])).toEqual([july, mended])
})
