import { assert, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { isOfClass, sectionClass } from '../../../../../src/domain/water-quality/section-class.js'
import {
  GB_3838_2002,
  SURFACE_WATER_CLASSES,
} from '../../../../../src/domain/water-quality/surface-water-limits.js'

/** Limits of GB 3838-2002 table 1 (standards sheet 7.13): III, IV, V. */
const CLEAN = {
  ph: exact(7.2),
  dissolvedOxygen: exact(5),
  permanganateIndex: exact(6),
  cod: exact(20),
  bod5: exact(4),
  ammoniaNitrogen: exact(1),
  totalPhosphorus: exact(0.2),
}

function exact(value: number) {
  return { value, belowLimit: false }
}

function under(value: number) {
  return { value, belowLimit: true }
}

test('a river on every limit of class III is of class III or better [GB 3838-2002 table 1]', () => {
  expect(sectionClass(CLEAN, 'river')).toMatchObject({
    class: 'III or better',
    reason: null,
    missing: [],
    unverified: true,
  })
})

test.each([
  ['dissolvedOxygen', [4.9, 3, 2.9, 2, 1.9]],
  ['permanganateIndex', [6.1, 10, 10.1, 15, 15.1]],
  ['cod', [20.1, 30, 30.1, 40, 40.1]],
  ['bod5', [4.1, 6, 6.1, 10, 10.1]],
  ['ammoniaNitrogen', [1.01, 1.5, 1.51, 2, 2.01]],
  ['totalPhosphorus', [0.201, 0.3, 0.301, 0.4, 0.401]],
] as const)('%s alone decides the class, on both sides of each limit', (item, values) => {
  const classes = values.map((value) => sectionClass({ ...CLEAN, [item]: exact(value) }, 'river'))
  expect(classes.map((one) => one.class)).toEqual(['IV', 'IV', 'V', 'V', 'worse than V'])
})

test('pH outside 6 to 9 is of no class, its ends are', () => {
  const classOf = (ph: number) => sectionClass({ ...CLEAN, ph: exact(ph) }, 'river').class
  expect([5.9, 6, 9, 9.1].map(classOf)).toEqual([
    'worse than V',
    'III or better',
    'III or better',
    'worse than V',
  ])
})

test('a lake has its own phosphorus limits and its nitrogen counts; in a river nitrogen is not judged', () => {
  const values = { ...CLEAN, totalPhosphorus: exact(0.05), totalNitrogen: exact(1.6) }
  expect(sectionClass(values, 'lake').class).toBe('V')
  expect(sectionClass({ ...values, totalNitrogen: exact(1) }, 'lake').class).toBe('III or better')
  expect(
    sectionClass({ ...values, totalNitrogen: exact(1), totalPhosphorus: exact(0.2) }, 'lake').class,
  ).toBe('V')
  expect(sectionClass(values, 'river')).toMatchObject({
    class: 'III or better',
    notJudged: ['totalNitrogen'],
  })
})

test('a missing item leaves the class open between the worst of the others and worse than V', () => {
  const { cod: _, ...rest } = CLEAN
  expect(sectionClass({ ...rest, bod5: null, ammoniaNitrogen: exact(1.2) }, 'river')).toMatchObject(
    {
      class: null,
      reason: 'items_missing',
      best: 'IV',
      worst: 'worse than V',
      missing: ['cod', 'bod5'],
    },
  )
})

test('an item worse than V decides whatever is missing; no item at all decides nothing', () => {
  expect(sectionClass({ ammoniaNitrogen: exact(2.5) }, 'river')).toMatchObject({
    class: 'worse than V',
    reason: null,
  })
  expect(sectionClass({}, 'river')).toMatchObject({ class: null, reason: 'items_missing' })
})

test('a value below the detection limit passes a limit that the detection limit is at or under', () => {
  const classOf = (limit: number) =>
    sectionClass({ ...CLEAN, totalPhosphorus: under(limit) }, 'river')
  expect(classOf(0.2).class).toBe('III or better')
  // < 0.25 mg/L may be under 0.2 or over it, but is under 0.3.
  expect(classOf(0.25)).toMatchObject({
    class: null,
    reason: 'detection_limit_too_high',
    best: 'III or better',
    worst: 'IV',
  })
})

test('oxygen below a detection limit under 2 mg/L breaks every class', () => {
  expect(sectionClass({ ...CLEAN, dissolvedOxygen: under(2) }, 'river').class).toBe('worse than V')
})

test('class IV is asked: met, not met, or not told', () => {
  const asked = (ammonia: number, measured = CLEAN) =>
    isOfClass(sectionClass({ ...measured, ammoniaNitrogen: exact(ammonia) }, 'river'), 'IV')
  expect(asked(1.5)).toBe(true)
  expect(asked(1.6)).toBe(false)
  expect(isOfClass(sectionClass({ ammoniaNitrogen: exact(1.6) }, 'river'), 'IV')).toBe(false)
  expect(isOfClass(sectionClass({ ammoniaNitrogen: exact(1.5) }, 'river'), 'IV')).toBeNull()
})

test('limits of a verified table leave the result verified', () => {
  expect(sectionClass(CLEAN, 'river', { ...GB_3838_2002, tag: 'read' }).unverified).toBe(false)
})

test('more of a pollutant never makes the class better', () => {
  const rank = (cod: number) => {
    const { best } = sectionClass({ ...CLEAN, cod: exact(cod) }, 'river')
    return SURFACE_WATER_CLASSES.indexOf(best)
  }
  assert(
    property(nat(600), nat(600), (a, b) => {
      expect(rank((a + b) / 10)).toBeGreaterThanOrEqual(rank(a / 10))
    }),
  )
})
