import { expect, test } from 'vitest'
import { heatIslandIndicator } from '../../../src/domain/indicators/heat-island.js'
import {
  dailyRows,
  judgeYears,
  localDay,
  longCity,
} from '../../unit/src/domain/indicators/long-city.js'

const OCTOBER = localDay(2022, 10, 1)

function judged(townC: number, rule: string, { fromYear = 2015, toMs = OCTOBER } = {}) {
  const rows = {
    T: dailyRows(fromYear, 2022, (year) => (year < 2020 ? 28 : townC)),
    F: dailyRows(fromYear, 2022, (year) => (year < 2020 ? 25 : 26)),
  }
  return judgeYears(heatIslandIndicator, longCity(), toMs, rows, { rule })
}

test.each(['635', 'gbt-51345'])('by rule %s both sides of the difference before', (rule) => {
  const found = judged(28.7, rule)
  expect(found).toMatchObject({ verdict: 'PASS', value: 1.5 })
  const parts = Object.fromEntries(found.parts.map(({ name, value }) => [name, value]))
  expect(parts).toMatchObject({
    'difference-before': 1.8,
    'difference-after': 1.5,
    'difference-in-differences': -0.3,
  })
  expect(judged(29, rule)).toMatchObject({ verdict: 'FAIL', value: 1.8 })
  expect(judged(28.99, rule)).toMatchObject({ verdict: 'PASS', value: 1.79 })
})

test('both sides of an equal temperature, with four years before', () => {
  const four = { fromYear: 2016 }
  expect(judged(27.2, '635', four)).toMatchObject({ verdict: 'PASS', value: 0 })
  expect(judged(27.2, 'gbt-51345', four)).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0 })
  expect(judged(27.21, '635', four)).toMatchObject({ verdict: 'NOT_EVALUATED', value: 0.01 })
})

test('both sides of the end of the season', () => {
  expect(judged(28.7, 'gbt-51345').verdict).toBe('PASS')
  const early = judged(28.7, 'gbt-51345', { toMs: OCTOBER - 1 })
  expect(early).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
})
