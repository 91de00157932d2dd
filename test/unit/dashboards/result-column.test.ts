import { expect, test } from 'vitest'
import { resultColumn } from '../../../dashboards/src/page/assessment/result-column.js'

test.each(['fromMs', 'toMs', 'peakAtMs', 'rainFromMs', 'rainEndMs', 'runoffToMs'])(
  '%s is an instant',
  (name) => {
    expect(resultColumn(name)).toEqual({ kind: 'instant', unit: '' })
  },
)

test.each(['durationMs', 'recessionMs', 'antecedentDryMs'])('%s is a length of time', (name) => {
  expect(resultColumn(name)).toEqual({ kind: 'duration', unit: '' })
})

test.each([
  ['depthMm', 'mm'],
  ['rainMax60Mm', 'mm'],
  ['volumeM3', 'm3'],
  ['peakM3s', 'm3/s'],
  ['areaM2', 'm2'],
  ['levelM', 'm'],
  ['meanC', 'Cel'],
  ['controlRatio', ''],
  ['use', ''],
])('the name of %s carries its unit, %s', (name, unit) => {
  expect(resultColumn(name)).toEqual({ kind: 'plain', unit })
})

test('a year is no quantity: it is not grouped by thousands', () => {
  expect(resultColumn('year')).toEqual({ kind: 'year', unit: '' })
  expect(resultColumn('firstYear').kind).toBe('year')
})
