import { array, assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { labMean } from '../../../../../src/domain/water-quality/lab-value.js'
import { sectionMeans } from '../../../../../src/domain/water-quality/section-means.js'

const exact = (value: number) => ({ value, belowLimit: false })
const below = (value: number) => ({ value, belowLimit: true })

test('a mean with a value below its limit is below the mean of the limits', () => {
  expect(labMean([exact(1), exact(2)])).toEqual(exact(1.5))
  expect(labMean([exact(1), below(0.5)])).toEqual(below(0.75))
  expect(labMean([])).toBeNull()
})

test('items are averaged over the samples that have them; pH is the farthest from the middle', () => {
  const means = sectionMeans([
    { cod: exact(20), ph: exact(6.4) },
    { cod: exact(40), ph: exact(8.5), ammoniaNitrogen: below(0.025) },
    { bod5: null },
  ])
  // 6.4 is 1.1 from 7.5, and 8.5 is 1.0.
  expect(means).toEqual({ cod: exact(30), ph: exact(6.4), ammoniaNitrogen: below(0.025) })
  expect(sectionMeans([])).toEqual({})
})

test('a mean lies between the least and the greatest', () => {
  const measured = double({ min: 0, max: 1000, noNaN: true })
  assert(
    property(array(measured, { minLength: 1, maxLength: 40 }), (values) => {
      const mean = labMean(values.map(exact))?.value ?? Number.NaN
      // Results carry 12 digits.
      const slack = 1e-11 * Math.max(...values)
      expect(mean).toBeGreaterThanOrEqual(Math.min(...values) - slack)
      expect(mean).toBeLessThanOrEqual(Math.max(...values) + slack)
    }),
  )
})
