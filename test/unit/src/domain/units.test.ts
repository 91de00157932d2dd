import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { QUANTITIES, QUANTITY_NAMES, type Quantity } from '../../../../src/domain/quantity.js'
import { conversion, convertible } from '../../../../src/domain/units.js'

function converted(value: number, unit: string, quantity: Quantity): number {
  const found = conversion(unit, quantity)
  if (found === null) throw new Error(`${unit} is none of ${quantity}`)
  return value * found.gain + found.offset
}

/**
 * NIST Special Publication 811 (2008 edition), appendix B.8, printed to seven digits; a factor in
 * bold there is exact. m³/s, m/s, mm are our internal units.
 */
test.each<[string, Quantity, number]>([
  ['[in_i]', 'rain_depth', 25.4],
  ['[ft_i]', 'level', 0.3048],
  ['[ft_i]/s', 'velocity', 0.3048],
  ['[cft_i]/s', 'flow', 2.831685e-2],
  ['[cft_i]', 'volume', 2.831685e-2],
  ['[gal_us]', 'volume', 3.785412e-3],
  ['[gal_us]/min', 'flow', 6.30902e-5],
  // gallon (U.S.) per day: 4.381 264 E-08 m³/s, a million of them
  ['[mgd_us]', 'flow', 4.381264e-2],
  ['10*6.[gal_us]/d', 'flow', 4.381264e-2],
  ['km/h', 'velocity', 2.777778e-1],
])('one %s of %s is what NIST SP 811 says', (unit, quantity, factor) => {
  const found = converted(1, unit, quantity)
  expect(Number(found.toPrecision(7))).toBe(factor)
})

/** RFC 8798 §3, table 2 (scale to the SenML unit) and the SenML unit's own definition. */
test.each<[number, string, Quantity, number]>([
  [3_600_000, 'mm/h', 'velocity', 1],
  [1, 'm/s', 'rain_intensity', 3_600_000],
  [1000, 'mm', 'level', 1],
  [100, 'cm', 'level', 1],
  [1000, 'mV', 'voltage', 1],
  [1e9, 'ug/m3', 'suspended_solids', 1000],
  [1, 'kg/m3', 'suspended_solids', 1000],
  [3600, 'm3/h', 'flow', 1],
  [1000, 'L/s', 'flow', 1],
  [1000, 'l/s', 'flow', 1],
  [0.55, '/', 'relative_humidity', 55],
  [55, '%RH', 'relative_humidity', 55],
  [55, '/100', 'soil_moisture', 55],
  [7.2, 'pH', 'ph', 7.2],
  [7.2, '[pH]', 'ph', 7.2],
  [3, 'NTU', 'turbidity', 3],
  // 0.01 M KCl at 25 °C conducts 0.1413 S/m = 1413 µS/cm (the usual calibration solution)
  [0.1413, 'S/m', 'conductivity', 1413],
  [1.413, 'mS/cm', 'conductivity', 1413],
  [0.5, 'V', 'oxidation_reduction', 500],
])('%d %s of %s is %d in the internal unit', (value, unit, quantity, expected) => {
  expect(converted(value, unit, quantity)).toBeCloseTo(expected, 9)
})

test.each<[number, string, number]>([
  [212, '[degF]', 100],
  [32, '[degF]', 0],
  [-40, '[degF]', -40],
  [273.15, 'K', 0],
  [0, 'K', -273.15],
  [21.5, 'Cel', 21.5],
])('%d %s is %d degrees Celsius', (value, unit, celsius) => {
  expect(converted(value, unit, 'water_temperature')).toBeCloseTo(celsius, 12)
})

test('a US gallon is 231 cubic inches, 3.785411784 litres exactly', () => {
  expect(conversion('[gal_us]', 'volume')?.gain).toBe(0.003785411784)
})

test('the internal unit of every quantity converts to itself', () => {
  expect(QUANTITY_NAMES.length).toBeGreaterThan(15)
  for (const quantity of QUANTITY_NAMES) {
    expect(conversion(QUANTITIES[quantity].unit, quantity)).toEqual({ gain: 1, offset: 0 })
  }
})

test.each<[string, Quantity]>([
  ['mm', 'flow'],
  ['m3', 'rain_depth'],
  ['mm/h', 'rain_depth'],
  ['ppm', 'dissolved_oxygen'],
  ['%RH', 'soil_moisture'],
  ['[FNU]', 'turbidity'],
  ['MM', 'rain_depth'],
  ['in', 'rain_depth'],
  ['', 'level'],
  ['constructor', 'level'],
  ['__proto__', 'level'],
])('unit "%s" is none of %s', (unit, quantity) => {
  expect(convertible(unit, quantity)).toBe(false)
  expect(conversion(unit, quantity)).toBeNull()
})

test('no text is taken for a unit by accident', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(...QUANTITY_NAMES), (unit, quantity) => {
      const found = conversion(unit, quantity)
      expect(found === null || Number.isFinite(found.gain)).toBe(true)
    }),
  )
})
