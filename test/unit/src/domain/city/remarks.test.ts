import { expect, test } from 'vitest'
import { registryRemarks } from '../../../../../src/domain/city/remarks.js'
import { comparisons, smallCityWith } from './small-city.js'

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

test('wells and sites with every year and elevation have no remarks', () => {
  expect(remarkPaths(comparisons())).toEqual([])
})

test.each([
  [{ 'groundwater.meanAnnualRainMm': undefined }, 'groundwater'],
  [
    { 'groundwater.meanAnnualRainMm.provenance.unverified': true },
    'groundwater.meanAnnualRainMm.provenance.unverified',
  ],
  [{ 'devices.3.sensors.0.datumM': undefined }, 'groundwater.wells.0.sensor'],
  [{ 'devices.4.installedAt': '2014-12-31T16:00:01Z' }, 'groundwater.wells.1.sensor'],
  [{ 'devices.4.removedAt': '2024-12-31T15:59:59Z' }, 'groundwater.wells.1.sensor'],
  [{ 'groundwater.before.fromYear': 2016 }, 'groundwater.before'],
  [{ 'heatIsland.before.fromYear': 2016 }, 'heatIsland.before'],
  [{ 'devices.5.installedAt': '2014-12-31T16:00:01Z' }, 'heatIsland.inside.0'],
  [{ 'devices.7.installedAt': '2014-12-31T16:00:01Z' }, 'heatIsland.weather.wind'],
])('what leaves the trend or the heat island open is remarked: %j', (change, remark) => {
  expect(remarkPaths(comparisons(change))).toEqual([remark])
})

test('the end of the last year is no early removal', () => {
  expect(remarkPaths(comparisons({ 'devices.4.removedAt': '2024-12-31T16:00:00Z' }))).toEqual([])
})

test('without the ground of its station a depth has no level and a site no altitude', () => {
  expect(remarkPaths(comparisons({ 'stations.0.groundElevationM': undefined }))).toEqual([
    'groundwater.wells.1.sensor',
    'heatIsland.inside.0',
    'heatIsland.outside.0',
  ])
})

test('nothing is remarked of a well under pumping but that no other is left', () => {
  const pumped = {
    'devices.3.sensors.0.datumM': undefined,
    'groundwater.wells.0.underPumping': true,
  }
  expect(remarkPaths(comparisons(pumped))).toEqual([])
  const all = { ...pumped, 'groundwater.wells.1.underPumping': true }
  expect(remarkPaths(comparisons(all))).toEqual(['groundwater.wells'])
})
