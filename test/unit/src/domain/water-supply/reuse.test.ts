import { expect, test } from 'vitest'
import { rainwaterUse } from '../../../../../src/domain/water-supply/rainwater-use.js'
import {
  isReuseAsked,
  wastewaterReuse,
  type ReuseKind,
} from '../../../../../src/domain/water-supply/wastewater-reuse.js'
import type { SurfaceWaterClass } from '../../../../../src/domain/water-quality/surface-water-limits.js'

function of(grade: SurfaceWaterClass) {
  return { best: grade, worst: grade }
}

const OPEN = { best: 'IV', worst: 'worse than V' } as const

function use(kind: ReuseKind, volumeM3: number, effluentClass: typeof OPEN | null = null) {
  return { kind, volumeM3, effluentClass }
}

test('reuse counts what users draw, not what the plant uses itself', () => {
  // (100 + 60 + 40) / 1000 = 20 %, the 500 of the plant left out.
  const found = wastewaterReuse(
    [
      use('municipal', 100),
      use('industrial', 60),
      use('green-space', 40),
      use('plant-internal', 500),
    ],
    1000,
  )
  expect(found).toEqual({
    ratio: 0.2,
    least: 0.2,
    most: 0.2,
    meetsMin: true,
    reason: null,
    unverified: true,
  })
})

test('ecological replenishment counts from class IV up', () => {
  const ratio = (grade: SurfaceWaterClass) =>
    wastewaterReuse(
      [use('industrial', 100), { kind: 'ecological', volumeM3: 300, effluentClass: of(grade) }],
      1000,
    ).ratio
  expect([ratio('III or better'), ratio('IV'), ratio('V')]).toEqual([0.4, 0.4, 0.1])
})

test('effluent of unknown class leaves the ratio between two shares, and the verdict where they agree', () => {
  const found = (industrialM3: number) =>
    wastewaterReuse(
      [use('industrial', industrialM3), use('ecological', 50), use('ecological', 50, OPEN)],
      1000,
    )
  expect(found(150)).toMatchObject({
    ratio: null,
    least: 0.15,
    most: 0.25,
    meetsMin: null,
    reason: 'effluent_class_unknown',
  })
  expect(found(200).meetsMin).toBe(true)
  expect(found(99).meetsMin).toBe(false)
})

test('nothing treated, or more reused than treated, is no ratio', () => {
  expect(wastewaterReuse([use('industrial', 1)], 0)).toMatchObject({
    ratio: null,
    reason: 'nothing_treated',
  })
  expect(wastewaterReuse([use('industrial', 11)], 10)).toMatchObject({
    ratio: null,
    reason: 'reuse_exceeds_treated',
  })
})

test('the ratio is asked under 500 m³ per person where inner water is below class IV', () => {
  expect(isReuseAsked(499, of('V'))).toBe(true)
  expect(isReuseAsked(500, of('V'))).toBe(false)
  expect(isReuseAsked(499, of('IV'))).toBe(false)
  expect(isReuseAsked(null, of('IV'))).toBe(false)
  expect(isReuseAsked(null, of('V'))).toBeNull()
  expect(isReuseAsked(499, OPEN)).toBeNull()
  expect(isReuseAsked(499, null)).toBeNull()
})

const CITY = { variant: 'A', rain: 'mean-annual', rainMm: 1100, areaM2: 2500e4 } as const

test('variant A of the standards sheet: 35 000 m³ of 1100 mm on 2500 hm² is 0.127 %', () => {
  const found = rainwaterUse(
    [
      { kind: 'road-washing', volumeM3: 20_000 },
      { kind: 'green-space', volumeM3: 15_000 },
      { kind: 'scenic-water', volumeM3: 80_000 },
      { kind: 'infiltration', volumeM3: 900_000 },
    ],
    CITY,
  )
  // 35 000 / (10 · 1100 · 2500) = 35 / 27 500.
  expect(found.ratio).toBeCloseTo(0.00127272727, 10)
  expect(found).toMatchObject({
    reason: null,
    base: { variant: 'A', rain: 'mean-annual' },
    usedM3: 35_000,
    excludedM3: 980_000,
    unverified: true,
  })
})

test('variant B is the share of tap water, which may be passed', () => {
  const used = [{ kind: 'municipal', volumeM3: 30 }] as const
  expect(rainwaterUse(used, { variant: 'B', tapWaterM3: 1000 }).ratio).toBe(0.03)
  expect(rainwaterUse(used, { variant: 'B', tapWaterM3: 20 }).ratio).toBe(1.5)
})

test('without rain, area or tap water there is no ratio, nor with more used than fell', () => {
  const used = [{ kind: 'municipal', volumeM3: 1 }] as const
  expect(rainwaterUse(used, { ...CITY, rainMm: 0 })).toMatchObject({
    ratio: null,
    reason: 'no_rain_or_area',
  })
  expect(rainwaterUse(used, { variant: 'B', tapWaterM3: 0 })).toMatchObject({
    ratio: null,
    reason: 'no_tap_water',
  })
  // 1 mm on 999 m² is 0.999 m³.
  expect(rainwaterUse(used, { ...CITY, rainMm: 1, areaM2: 999 })).toMatchObject({
    ratio: null,
    reason: 'use_exceeds_rain',
  })
})
