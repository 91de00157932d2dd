import { expect, test } from 'vitest'
import { leakage, type SupplyYear } from '../../../../../src/domain/water-supply/leakage.js'
import { regionalLeakage } from '../../../../../src/domain/water-supply/regional-leakage.js'

/** Standards sheet 7.8: Qs 10000 and Qa 8600 in 10⁴ m³, r 0.7, L 2600 km, pressure 0.45 MPa. */
const VECTOR: SupplyYear = {
  suppliedM3: 10_000e4,
  consumedM3: 8_600e4,
  householdMeteredShare: 0.7,
  pipeKm: 2600,
  outletPressureMPa: 0.45,
  frostDepthM: 0,
}

/** Without any correction: A = 0.0693 km per 10⁴ m³. */
const BARE: SupplyYear = {
  suppliedM3: 10_000e4,
  consumedM3: 8_600e4,
  householdMeteredShare: 0,
  pipeKm: 693,
  outletPressureMPa: 0.3,
  frostDepthM: 0,
}

test('the vector of the standards sheet: R_WL 14 %, R1 5.6 %, R2 18.9 held to 3 %, R3 0.5 %, R_BL 4.9 %', () => {
  expect(leakage(VECTOR)).toEqual({
    grossRatio: 0.14,
    gradedRatio: 0.049,
    corrections: { householdMetering: 0.056, pipeLength: 0.03, pressure: 0.005, frost: 0 },
    grade: 'grade 1',
    reason: null,
    missing: [],
    within635: { gross: false, graded: true },
    unverified: true,
  })
})

test('pipe length corrects 0.99 of the length over 0.0693 km per 10⁴ m³, within 3 % both ways', () => {
  const share = (pipeKm: number) => leakage({ ...BARE, pipeKm }).corrections.pipeLength
  // 0.99 · (0.0893 − 0.0693) = 0.0198; 0.99 · (0.0593 − 0.0693) = −0.0099; 0.99 · −0.0693 = −0.0686.
  expect(share(893)).toBeCloseTo(0.0198, 12)
  expect(share(593)).toBeCloseTo(-0.0099, 12)
  expect(share(0)).toBe(-0.03)
})

test('pressure and frost correct in steps, each beginning over its limit', () => {
  const pressure = (outletPressureMPa: number) =>
    leakage({ ...BARE, outletPressureMPa }).corrections.pressure
  expect([0.35, 0.36, 0.55, 0.56, 0.75, 0.76].map(pressure)).toEqual([
    0, 0.005, 0.005, 0.01, 0.01, 0.02,
  ])
  const frost = (frostDepthM: number) => leakage({ ...BARE, frostDepthM }).corrections.frost
  expect([1.4, 1.41].map(frost)).toEqual([0, 0.01])
})

test('10 % and 12 % still belong to their grades', () => {
  const grade = (consumed10k: number) => leakage({ ...BARE, consumedM3: consumed10k * 1e4 }).grade
  expect([9000, 8999, 8800, 8799].map(grade)).toEqual([
    'grade 1',
    'grade 2',
    'grade 2',
    'over grade 2',
  ])
})

test('a ratio that corrections bring down to a limit is on it', () => {
  // 17 % − 0.08 · 0.75 − 1 % = 10 %, in doubles 0.10000000000000002.
  expect(
    leakage({ ...BARE, consumedM3: 8_300e4, householdMeteredShare: 0.75, frostDepthM: 1.5 }),
  ).toMatchObject({ gradedRatio: 0.1, grade: 'grade 1' })
})

test('without an input of a correction the gross ratio stands alone', () => {
  expect(leakage({ ...VECTOR, pipeKm: null, frostDepthM: null })).toMatchObject({
    grossRatio: 0.14,
    gradedRatio: null,
    grade: null,
    reason: 'correction_input_missing',
    missing: ['pipeKm', 'frostDepthM'],
    within635: { gross: false, graded: null },
  })
})

test('no supply, or more consumed than supplied, is no ratio', () => {
  expect(leakage({ ...VECTOR, suppliedM3: 0 })).toMatchObject({
    grossRatio: null,
    reason: 'no_supply',
  })
  expect(leakage({ ...VECTOR, consumedM3: 10_001e4 })).toMatchObject({
    grossRatio: null,
    gradedRatio: null,
    reason: 'consumption_exceeds_supply',
  })
})

test('a region weights its networks by supply', () => {
  // (300 · 8 % + 100 · 16 %) / 400 = 10 %; the plain mean would be 12 %.
  const networks = [
    { id: 'east', suppliedM3: 300, gradedRatio: 0.08 },
    { id: 'west', suppliedM3: 100, gradedRatio: 0.16 },
    { id: 'planned', suppliedM3: 0, gradedRatio: null },
  ]
  expect(regionalLeakage(networks)).toEqual({
    gradedRatio: 0.1,
    grade: 'grade 1',
    reason: null,
    notTold: [],
    unverified: true,
  })
})

test('a region with a network that is not told is not told, nor is one without supply', () => {
  const networks = [
    { id: 'east', suppliedM3: 300, gradedRatio: 0.08 },
    { id: 'west', suppliedM3: 100, gradedRatio: null },
  ]
  expect(regionalLeakage(networks)).toMatchObject({
    gradedRatio: null,
    reason: 'network_not_told',
    notTold: ['west'],
  })
  expect(regionalLeakage([])).toMatchObject({ gradedRatio: null, reason: 'no_supply' })
})
