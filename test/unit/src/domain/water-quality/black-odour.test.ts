import { expect, test } from 'vitest'
import {
  blackOdourBody,
  type GradedPoint,
} from '../../../../../src/domain/water-quality/black-odour-body.js'
import { blackOdourPoint } from '../../../../../src/domain/water-quality/black-odour-point.js'
import {
  blackOdourSample,
  type BlackOdourValues,
} from '../../../../../src/domain/water-quality/black-odour-sample.js'

const DEEP_CM = 120

function exact(value: number) {
  return { value, belowLimit: false }
}

/** Standards sheet 12: NH3-N 9, DO 3, ORP 80, transparency 30. */
const LIGHT = values(30, 3, 80, 9)
const CLEAR = values(30, 3, 80, 1)

function values(
  transparency: number,
  oxygen: number,
  redox: number,
  ammonia: number,
): BlackOdourValues {
  return {
    transparency: exact(transparency),
    dissolvedOxygen: exact(oxygen),
    redoxPotential: exact(redox),
    ammoniaNitrogen: exact(ammonia),
  }
}

/** Tests two days apart, from the first of a month. */
function tests(...all: readonly BlackOdourValues[]) {
  return all.map((one, i) => ({
    day: `2026-05-${String(1 + 2 * i).padStart(2, '0')}`,
    values: one,
  }))
}

test('the vector of the standards sheet is light', () => {
  expect(blackOdourSample(LIGHT, DEEP_CM)).toMatchObject({
    grade: 'light',
    reason: null,
    unverified: true,
  })
})

test.each([
  ['transparency', [25.1, 25, 10, 9.9]],
  ['dissolvedOxygen', [2.1, 2, 0.2, 0.19]],
  ['redoxPotential', [51, 50, -200, -201]],
  ['ammoniaNitrogen', [7.9, 8, 15, 15.1]],
] as const)('%s: grades on both sides of their limits', (indicator, ends) => {
  const grades = ends.map(
    (value) => blackOdourSample({ ...CLEAR, [indicator]: exact(value) }, DEEP_CM).grade,
  )
  expect(grades).toEqual(['none', 'light', 'light', 'heavy'])
})

test('water of 20 cm is clear with more than 8 cm of transparency, 40 % of its depth', () => {
  const at = (transparency: number) =>
    blackOdourSample({ ...CLEAR, transparency: exact(transparency) }, 20)
  expect(at(8.1).grade).toBe('none')
  expect(at(8)).toMatchObject({
    grade: null,
    reason: 'shallow_grade_open',
    best: 'light',
    worst: 'heavy',
  })
})

test('the shallow rule begins under 25 cm', () => {
  const at = (depthCm: number) =>
    blackOdourSample({ ...CLEAR, transparency: exact(24) }, depthCm).grade
  expect([at(24.9), at(25)]).toEqual(['none', 'light'])
})

test('without a depth, little transparency may be shallow water; much is clear at any depth', () => {
  expect(blackOdourSample({ ...CLEAR, transparency: exact(20) }, null)).toMatchObject({
    grade: null,
    reason: 'depth_missing',
    best: 'none',
    worst: 'light',
  })
  expect(blackOdourSample(CLEAR, null).grade).toBe('none')
})

test('a missing indicator leaves the grade open, unless another is heavy', () => {
  const { redoxPotential: _, ...rest } = LIGHT
  expect(blackOdourSample(rest, DEEP_CM)).toMatchObject({
    grade: null,
    reason: 'indicators_missing',
    best: 'light',
    worst: 'heavy',
  })
  expect(blackOdourSample({ ...rest, ammoniaNitrogen: exact(16) }, DEEP_CM)).toMatchObject({
    grade: 'heavy',
    reason: null,
  })
})

test('ammonia below a detection limit of 8 is clear, below one of 9 it is not told', () => {
  const at = (limit: number) =>
    blackOdourSample({ ...CLEAR, ammoniaNitrogen: { value: limit, belowLimit: true } }, DEEP_CM)
  expect(at(8).grade).toBe('none')
  expect(at(9)).toMatchObject({ grade: null, reason: 'detection_limit_too_high' })
})

test('a point is heavy when more than 60 % of one indicator is, not at 60 %', () => {
  const heavy = values(30, 3, 80, 16)
  // 3 of 5 is 60 %; 4 of 6 is 67 %.
  const three = blackOdourPoint(tests(heavy, heavy, heavy, CLEAR, CLEAR), DEEP_CM)
  expect(three).toMatchObject({ grade: 'light', reason: null, unverified: true })
  const four = blackOdourPoint(tests(heavy, heavy, heavy, heavy, CLEAR, CLEAR), DEEP_CM)
  expect(four.grade).toBe('heavy')
})

test('a point is heavy when more than 30 % of two indicators is', () => {
  const ammonia = values(30, 3, 80, 16)
  const oxygen = values(30, 0.1, 80, 1)
  const rest = Array.from({ length: 4 }, () => CLEAR)
  // 3 of 10 is 30 %, 4 of 10 is 40 %; the means of the first, ammonia (3·16 + 7·1) / 10 = 5.5 and
  // oxygen (3·0.1 + 7·3) / 10 = 2.13, keep their limits.
  const atThirty = blackOdourPoint(
    tests(ammonia, ammonia, ammonia, oxygen, oxygen, oxygen, ...rest),
    DEEP_CM,
  )
  expect(atThirty.grade).toBe('none')
  const both = values(30, 0.1, 80, 16)
  const atForty = blackOdourPoint(tests(both, both, both, both, ...rest, CLEAR, CLEAR), DEEP_CM)
  expect(atForty.grade).toBe('heavy')
})

test('a point is clear when the mean of every indicator keeps its limit', () => {
  const worse = values(30, 3, 80, 10)
  // Ammonia (10 + 6 + 7) / 3 = 7.67 keeps 8; (10 + 7 + 7) / 3 = 8 does not.
  const point = (second: number) =>
    blackOdourPoint(tests(worse, values(30, 3, 80, second), values(30, 3, 80, 7)), DEEP_CM)
  expect(point(6).grade).toBe('none')
  expect(point(7).grade).toBe('light')
})

test('a mean over values below the detection limit is told when both its ends agree', () => {
  const limit = (value: number) => ({ ...CLEAR, ammoniaNitrogen: { value, belowLimit: true } })
  expect(blackOdourPoint(tests(limit(8), limit(1), CLEAR), DEEP_CM).grade).toBe('none')
  // The mean lies between (0 + 7 + 7) / 3 = 4.67 and (14 + 7 + 7) / 3 = 9.33.
  const seven = values(30, 3, 80, 7)
  expect(blackOdourPoint(tests(limit(14), seven, seven), DEEP_CM)).toMatchObject({
    grade: null,
    reason: 'detection_limit_too_high',
    best: 'none',
    worst: 'light',
  })
})

test('a point of unknown depth is clear when it is clear in deep water, else perhaps shallow', () => {
  const turbid = values(20, 3, 80, 1)
  expect(blackOdourPoint(tests(CLEAR, CLEAR, CLEAR), null).grade).toBe('none')
  expect(blackOdourPoint(tests(turbid, turbid, turbid), null)).toMatchObject({
    grade: null,
    reason: 'depth_missing',
    best: 'none',
    worst: 'light',
  })
})

test('a shallow turbid point is black-odorous, light or heavy', () => {
  // 7 cm of transparency in 20 cm of water: under 40 %.
  const turbid = values(7, 3, 80, 1)
  expect(blackOdourPoint(tests(turbid, turbid, turbid), 20)).toMatchObject({
    grade: null,
    reason: 'shallow_grade_open',
    best: 'light',
    worst: 'heavy',
  })
})

test('two tests, two tests of a day, or eight days between two give no grade', () => {
  const on = (...days: string[]) =>
    blackOdourPoint(
      days.map((day) => ({ day, values: LIGHT })),
      DEEP_CM,
    )
  expect(on('2026-05-01', '2026-05-02')).toMatchObject({ grade: null, reason: 'too_few_tests' })
  expect(on('2026-05-01', '2026-05-01', '2026-05-02').reason).toBe('test_spacing')
  expect(on('2026-05-01', '2026-05-09', '2026-05-02')).toMatchObject({
    grade: 'light',
    reason: null,
  })
  expect(on('2026-05-01', '2026-05-09', '2026-05-10').reason).toBe('test_spacing')
})

test('an indicator tested fewer than three times leaves the point open', () => {
  const { transparency: _, ...rest } = LIGHT
  expect(blackOdourPoint(tests(LIGHT, LIGHT, rest), DEEP_CM)).toMatchObject({
    grade: null,
    reason: 'indicators_missing',
    best: 'light',
    worst: 'heavy',
  })
})

function points(...grades: readonly ('none' | 'light' | 'heavy' | '?')[]): GradedPoint[] {
  return grades.map((grade, i) => ({
    id: `p${i + 1}`,
    best: grade === '?' ? 'light' : grade,
    worst: grade === '?' ? 'heavy' : grade,
  }))
}

test('three consecutive heavy points make a heavy reach, two do not', () => {
  const found = blackOdourBody(
    points('heavy', 'heavy', 'light', 'heavy', 'heavy', 'heavy', 'none', 'none', 'none', 'none'),
  )
  expect(found).toMatchObject({
    grade: 'light',
    heavyReaches: [{ fromPoint: 'p4', toPoint: 'p6', points: 3 }],
    heavyPoints: 5,
  })
})

test('a body is heavy with more than 60 % of its points heavy', () => {
  expect(blackOdourBody(points('heavy', 'heavy', 'heavy', 'none', 'none')).grade).toBe('light')
  expect(blackOdourBody(points('heavy', 'heavy', 'none')).grade).toBe('heavy')
  expect(blackOdourBody(points('none', 'none', 'none')).grade).toBe('none')
})

test('points not told leave the body open only where they could decide', () => {
  expect(blackOdourBody(points('heavy', 'heavy', '?', 'none', 'none'))).toMatchObject({
    grade: 'light',
    undecidedPoints: ['p3'],
    heavyReaches: [],
  })
  expect(blackOdourBody(points('heavy', '?', 'none'))).toMatchObject({
    grade: null,
    reason: 'points_undecided',
    best: 'light',
    worst: 'heavy',
  })
})

test('two points are no body', () => {
  expect(blackOdourBody(points('heavy', 'heavy'))).toMatchObject({
    grade: null,
    reason: 'too_few_points',
  })
})
