import { expect, test } from 'vitest'
import { registryRemarks } from '../../../../../src/domain/city/remarks.js'
import { smallCityWith } from './small-city.js'

function remarkPaths(changes: Readonly<Record<string, unknown>>): string[] {
  return registryRemarks(smallCityWith(changes)).map(({ path }) => path.join('.'))
}

test('a city whose every result is sound has no remarks', () => {
  expect(remarkPaths({})).toEqual([])
})

test.each([
  ['city.captureRatioZone.provenance', 'city.captureRatioZone.provenance.unverified'],
  ['catchments.0.area.provenance', 'catchments.0.area.provenance.unverified'],
])('an unverified fact is remarked: %s', (path, remark) => {
  expect(remarkPaths({ [path]: { document: 'hearsay', unverified: true } })).toEqual([remark])
})

test('a catchment that no outfall drains, or that two drain, is remarked', () => {
  expect(remarkPaths({ outfalls: [] })).toEqual(['catchments.0.id', 'catchments.1.id'])
  expect(remarkPaths({ 'outfalls.1.catchments': ['C2', 'C1'] })).toEqual(['catchments.0.id'])
})

test('metering beyond the life of the meter is remarked', () => {
  expect(remarkPaths({ 'devices.1.installedAt': '2025-01-01T00:00:01+08:00' })).toEqual([
    'outfalls.0.metering.0',
  ])
  expect(remarkPaths({ 'devices.1.removedAt': '2026-01-01T00:00:00+08:00' })).toEqual([
    'outfalls.0.metering.0',
  ])
})

test('time between two calibrations is remarked', () => {
  const calibrations = [
    { from: '2025-01-01T00:00:00Z', to: '2025-02-01T00:00:00Z' },
    { from: '2025-03-01T00:00:00Z' },
  ].map((period) => ({ ...period, gain: 1, offset: 0, certificate: 'K' }))
  expect(remarkPaths({ 'devices.0.sensors.0.calibrations': calibrations })).toEqual([
    'devices.0.sensors.0.calibrations.1.from',
  ])
})

test('rain and flow every 15 min are in order, more rarely they are remarked', () => {
  const every = (intervalS: number) => ({
    'devices.1.sensors.0.reporting': { type: 'periodic', intervalS },
  })
  expect(remarkPaths(every(900))).toEqual([])
  expect(remarkPaths(every(901))).toEqual(['devices.1.sensors.0.reporting.intervalS'])
})
