import { expect, test } from 'vitest'
import { contiguousShare } from '../../../../../src/domain/land/contiguous-area.js'
import { perviousRatio } from '../../../../../src/domain/land/pervious-ratio.js'
import {
  shorelineRatio,
  SHORELINE_RULE,
  type ShorelineSegment,
} from '../../../../../src/domain/land/shoreline-ratio.js'

function segment(
  bank: ShorelineSegment['bank'],
  lengthM: number,
  more: Partial<ShorelineSegment> = {},
): ShorelineSegment {
  return {
    waterBody: 'river',
    bank,
    lengthM,
    use: 'ordinary',
    structure: 'ecological',
    waterfront: 'natural',
    ...more,
  }
}

test('docks and flood banks leave the length: 700 of 1500 − 300 − 200 is 70 %', () => {
  const found = shorelineRatio([
    segment('left', 400),
    segment('right', 300),
    segment('left', 300, { structure: 'hard' }),
    segment('right', 300, { use: 'production', structure: 'hard' }),
    segment('right', 200, { use: 'flood-defence', structure: 'hard' }),
  ])
  expect(found).toEqual({
    ratio: 0.7,
    least: 0.7,
    most: 0.7,
    meetsMin: true,
    reason: null,
    oneBanked: [],
    countedM: 1000,
    excludedM: 500,
    unverified: true,
  })
})

test('a bank is ecological by its structure and its green, not by one of them', () => {
  const found = shorelineRatio([
    segment('whole', 699),
    segment('whole', 101, { waterfront: 'built' }),
    segment('whole', 200, { structure: 'hard' }),
  ])
  expect(found).toMatchObject({ ratio: 0.699, meetsMin: false })
})

test('what was not surveyed leaves two shares, and a verdict where they agree', () => {
  const found = (ecologicalM: number) =>
    shorelineRatio([
      segment('left', ecologicalM),
      segment('left', 100, { waterfront: null }),
      segment('right', 900 - ecologicalM, { structure: 'hard', waterfront: null }),
    ])
  expect(found(650)).toMatchObject({
    ratio: null,
    least: 0.65,
    most: 0.75,
    meetsMin: null,
    reason: 'not_surveyed',
  })
  expect(found(700).meetsMin).toBe(true)
  expect(found(599).meetsMin).toBe(false)
})

test('a river with one bank only is not measured', () => {
  expect(
    shorelineRatio([segment('left', 900), segment('whole', 500, { waterBody: 'lake' })]),
  ).toMatchObject({ ratio: null, reason: 'bank_missing', oneBanked: ['river'] })
})

test('a shore of docks alone has no ratio', () => {
  expect(shorelineRatio([segment('whole', 900, { use: 'production' })])).toMatchObject({
    ratio: null,
    reason: 'no_shoreline',
    excludedM: 900,
  })
})

test('the garden city indicator leaves out water lanes too', () => {
  const segments = [
    segment('whole', 300),
    segment('whole', 100, { use: 'water-lane', structure: 'hard' }),
  ]
  expect(shorelineRatio(segments).ratio).toBe(0.75)
  const garden = {
    ...SHORELINE_RULE,
    excluded: [...SHORELINE_RULE.excluded, 'water-lane'],
  } as const
  expect(shorelineRatio(segments, garden).ratio).toBe(1)
})

test('pervious ground over the built-up area, 40 % meeting the target', () => {
  // Chongqing reported 40.3 % for 2021 (standards sheet 7.15).
  expect(perviousRatio(403, 1000)).toEqual({
    ratio: 0.403,
    meetsMin: true,
    reason: null,
    unverified: true,
  })
  expect(perviousRatio(400, 1000).meetsMin).toBe(true)
  expect(perviousRatio(399, 1000).meetsMin).toBe(false)
})

test('areas that are not known, not there or contradict each other give no ratio', () => {
  expect(perviousRatio(null, 1000)).toMatchObject({ ratio: null, reason: 'area_unknown' })
  expect(perviousRatio(400, null).reason).toBe('area_unknown')
  expect(perviousRatio(0, 0).reason).toBe('no_built_up_area')
  expect(perviousRatio(1001, 1000)).toMatchObject({
    ratio: null,
    meetsMin: null,
    reason: 'pervious_exceeds_built_up',
  })
})

test('projects that make up the whole area do not exceed it by the last bit of their sum', () => {
  // 7640.3 + 6362.4 + 3426.9 = 17 429.6 m²; added up as doubles they are a bit more.
  const projects = [7640.3, 6362.4, 3426.9].map((areaM2) => {
    return { id: String(areaM2), areaM2, accepted: true, meets: true }
  })
  expect(contiguousShare(projects, 17_429.6)).toMatchObject({ share: 1, meetsMin: true })
  expect(contiguousShare(projects, 17_429.5).reason).toBe('projects_exceed_area')
})
