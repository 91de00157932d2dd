import { expect, test } from 'vitest'
import { registryIndex } from '../../../../../src/domain/city/registry-index.js'
import { smallCityWith } from './small-city.js'

test('a series leads to its sensor and device', () => {
  const found = registryIndex(smallCityWith({})).sensors.get('FM.flow')
  expect(found?.sensor.quantity).toBe('flow')
  expect(found?.device.id).toBe('FM')
})

test('a catchment leads to every outfall that drains it', () => {
  const index = registryIndex(smallCityWith({ 'outfalls.1.catchments': ['C2', 'C1'] }))
  expect(index.outfallsOfCatchment.get('C1')?.map(({ id }) => id)).toEqual(['O1', 'O2'])
  expect(index.outfallsOfCatchment.get('C2')?.map(({ id }) => id)).toEqual(['O2'])
})

test('an outfall belongs to its own zone and to the zones it drains, once each', () => {
  const index = registryIndex(smallCityWith({ 'outfalls.1.catchments': ['C2', 'C1'] }))
  expect(index.outfallsOfZone.get('Z1')?.map(({ id }) => id)).toEqual(['O1', 'O2'])
  expect(index.outfallsOfZone.get('Z2')?.map(({ id }) => id)).toEqual(['O2'])
})

test('a vendor topic leads to its device', () => {
  const index = registryIndex(smallCityWith({ 'devices.2.vendorTopic': 'v/pd' }))
  expect(index.deviceByVendorTopic.get('v/pd')?.id).toBe('PD')
})
