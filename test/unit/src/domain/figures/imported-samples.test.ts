import { expect, test } from 'vitest'
import {
  wantsImportedSamples,
  withImportedSamples,
} from '../../../../../src/domain/figures/imported-samples.js'
import { figureFormulaOf } from '../../../../../src/domain/figures/figure-formulas.js'
import type { LabResult } from '../../../../../src/domain/laboratory/lab-result.js'
import { RIVER } from './clean-year.js'

const SURVEY = {
  builtFrom: '2022-03-01',
  fromMonth: '2025-07',
  bodies: [RIVER],
  samples: 'imported',
}
const AT = Date.UTC(2025, 6, 2, 20)

function result(more: Partial<LabResult>): LabResult {
  return {
    ...{ sample: 'W-1', section: 'S1', sampledMs: AT, parameter: 'cod', value: 18, unit: 'mg/L' },
    ...{ detectionLimit: 4, weather: null, laboratory: 'City Lab', cma: '2100' },
    reportSha256: null,
    ...more,
  }
}

/** Shanghai: eight hours ahead. */
const dayOf = (atMs: number): string => new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 10)

test('samples of the survey’s sections take the place of the word, in the units of the rules, by local day', () => {
  const results = [
    result({}),
    result({ parameter: 'ammoniaNitrogen', value: null, unit: 'ug/L', detectionLimit: 25 }),
    result({ parameter: 'transparency', value: 0.6, unit: 'm', weather: 'dry' }),
    result({ parameter: '汞', value: null, unit: 'ug/L', detectionLimit: 0.04 }),
    result({ section: 'elsewhere' }),
    result({ sample: 'W-2', section: 'U', cma: null }),
  ]
  const { samples } = withImportedSamples(SURVEY, results, dayOf)
  expect(samples).toEqual([
    {
      ...{ id: 'W-1', section: 'S1', day: '2025-07-03', laboratory: 'City Lab' },
      ...{ cmaNumber: '2100', weather: 'dry' },
      values: [
        { item: 'cod', value: 18, unit: 'mg/L', detectionLimit: 4 },
        { item: 'ammoniaNitrogen', value: 'below', unit: 'mg/L', detectionLimit: 0.025 },
        { item: 'transparency', value: 60, unit: 'cm' },
      ],
    },
    {
      ...{ id: 'W-2', section: 'U', day: '2025-07-03', laboratory: 'City Lab', cmaNumber: null },
      ...{ weather: null, values: [{ item: 'cod', value: 18, unit: 'mg/L', detectionLimit: 4 }] },
    },
  ])
  const read = figureFormulaOf('water-quality')
  expect(read.faults({ ...SURVEY, samples })).toEqual([])
})

test('results of one sample that weigh differently become samples of their own, each with its name', () => {
  const results = [result({}), result({ parameter: 'bod5', cma: null })]
  const { samples } = withImportedSamples(SURVEY, results, dayOf)
  expect(samples).toMatchObject([
    { id: 'W-1 S1 2025-07-03 City Lab 2100', cmaNumber: '2100' },
    { id: 'W-1 S1 2025-07-03 City Lab -', cmaNumber: null },
  ])
})

test('figures that bring their own samples, or none, stay as they are', () => {
  const own = { ...SURVEY, samples: [] }
  expect([wantsImportedSamples(SURVEY), wantsImportedSamples(own)]).toEqual([true, false])
  expect(wantsImportedSamples(undefined)).toBe(false)
  expect(withImportedSamples(own, [result({})], dayOf)).toBe(own)
  const broken = { samples: 'imported' }
  expect(withImportedSamples(broken, [result({})], dayOf)).toBe(broken)
})
