import { expect, test } from 'vitest'
import { measuredCaptureRatio } from '../../../src/domain/indicators/measured-capture-ratio.js'
import { everyFive, judge, smallCity } from '../../unit/src/domain/indicators/small-city.js'
import { window } from '../../unit/src/domain/rain/series.js'

/** Rains of 18 mm and 30 mm over 3 hm²; each sends a little water to the first outfall. */
const ROWS = {
  RG: everyFive(-13_000, 17_000, (min) =>
    (min > 600 && min <= 660) || (min > 3000 && min <= 3100) ? 1.5 : 0,
  ),
  F1: everyFive(-13_000, 17_000, (min) =>
    (min > 600 && min <= 620) || (min > 3000 && min <= 3050) ? 0.01 : 0,
  ),
  F2: everyFive(-13_000, 17_000, () => 0),
}

function found(
  designDepthMm: number | null,
  parameters: Readonly<Record<string, string | number>>,
) {
  const city = smallCity()
  const [zone] = city.drainageZones
  const provenance = { document: 'plan', unverified: false }
  Object.assign(zone ?? {}, {
    captureRatioTarget: { ratio: 0.5, provenance },
    ...(designDepthMm === null ? {} : { designRainfall: { depthMm: designDepthMm, provenance } }),
  })
  return judge(measuredCaptureRatio, city, { kind: 'zone', id: 'Z1' }, window(0, 7 * 1440), ROWS, {
    minWindowDays: 7,
    ...parameters,
  })
}

test('rain below the design depth that is discharged fails the zone, however good its ratio', () => {
  const small = found(20, { smallRain: 'judge' })
  expect(small.value).toBeGreaterThan(0.9)
  expect(small.verdict).toBe('FAIL')
  expect(small.reason.en).toContain(
    'of 2 events of less than the design depth of 20 mm, counted at each group of outfalls, 1 were',
  )
  expect(small.notes.find(({ code }) => code === 'small_rain_discharged')?.text.en).toContain(
    '(18.0 mm)',
  )
  // Of 15 mm both rains are above it, and both may run off.
  expect(found(15, { smallRain: 'judge' })).toMatchObject({ verdict: 'PASS' })
})

test('what the meter cannot tell from nothing, or is no more than 5 % of the design peak, is no discharge', () => {
  // 10 L/s are 5 % of 200 L/s.
  expect(found(20, { smallRain: 'judge', designPeakLs: 199 }).verdict).toBe('FAIL')
  expect(found(20, { smallRain: 'judge', designPeakLs: 201 }).verdict).toBe('PASS')
})

test('without a design depth nothing passes by it; where it is only reported the ratio decides', () => {
  const unknown = found(null, { smallRain: 'judge' })
  expect(unknown.verdict).toBe('NOT_EVALUATED')
  expect(unknown.reason.en).toContain('no designRainfall')
  const reported = found(20, {})
  expect(reported.verdict).toBe('PASS')
  expect(
    reported.parts.find(({ name }) => name === 'events-below-design-rain-discharging')?.value,
  ).toBe(1)
})
