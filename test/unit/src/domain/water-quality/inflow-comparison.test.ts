import { expect, test } from 'vitest'
import { inflowComparison } from '../../../../../src/domain/water-quality/inflow-comparison.js'

type Value = number | `<${number}`

function lab(value: Value) {
  return typeof value === 'number'
    ? { value, belowLimit: false }
    : { value: Number(value.slice(1)), belowLimit: true }
}

function sample(day: string, cod: Value, ammonia: Value, phosphorus: Value) {
  return {
    day,
    values: {
      cod: lab(cod),
      ammoniaNitrogen: lab(ammonia),
      totalPhosphorus: lab(phosphorus),
    },
  }
}

test('a section no worse than its inflow on the same days, equal counting as no worse', () => {
  const upstream = [sample('2026-03-10', 28, 1.2, 0.25), sample('2026-03-24', 30, 1.4, 0.3)]
  const downstream = [sample('2026-03-24', 26, 1.4, 0.2), sample('2026-03-10', 28, 1.1, 0.25)]
  const found = inflowComparison(upstream, downstream)
  expect(found).toMatchObject({ standing: 'not-worse', reason: null, unverified: true })
  expect(found.rows.map(({ day, item }) => `${day} ${item}`)).toEqual([
    '2026-03-10 cod',
    '2026-03-10 ammoniaNitrogen',
    '2026-03-10 totalPhosphorus',
    '2026-03-24 cod',
    '2026-03-24 ammoniaNitrogen',
    '2026-03-24 totalPhosphorus',
  ])
})

test('one item worse on one day makes the section worse, whatever else cannot be told', () => {
  const found = inflowComparison(
    [sample('2026-03-10', 28, '<0.05', 0.25)],
    [sample('2026-03-10', 28.1, '<0.05', 0.25)],
  )
  expect(found).toMatchObject({ standing: 'worse', reason: null })
  expect(found.rows.map(({ standing }) => standing)).toEqual(['worse', null, 'not-worse'])
})

test.each([
  ['<0.05', 0.05, 'worse'],
  ['<0.05', 0.04, null],
  [0.05, '<0.05', 'not-worse'],
  [0.04, '<0.05', null],
  ['<0.05', '<0.05', null],
] as const)('inflow %s against section %s is %s', (above, below, standing) => {
  const found = inflowComparison(
    [sample('2026-03-10', 20, above, 0.1)],
    [sample('2026-03-10', 20, below, 0.1)],
  )
  expect(found.standing).toBe(standing)
  expect(found.reason).toBe(standing === null ? 'detection_limit_too_high' : null)
})

test('days sampled at one section only say nothing and are listed', () => {
  const found = inflowComparison(
    [sample('2026-03-10', 20, 1, 0.1)],
    [sample('2026-03-11', 90, 9, 0.9)],
  )
  expect(found).toMatchObject({
    standing: null,
    reason: 'no_common_day',
    rows: [],
    unpairedDays: ['2026-03-10', '2026-03-11'],
  })
})

test('two samples of a day, or an item not measured, leave the comparison open', () => {
  const one = sample('2026-03-10', 20, 1, 0.1)
  expect(inflowComparison([one, one], [one])).toMatchObject({
    standing: null,
    reason: 'several_samples_of_a_day',
  })
  const bare = { day: '2026-03-10', values: { cod: lab(20), ammoniaNitrogen: null } }
  expect(inflowComparison([one], [bare])).toMatchObject({ standing: null, reason: 'items_missing' })
})
