import { expect, test } from 'vitest'
import { cityTime } from '../../../../../src/domain/indicators/city-time.js'
import { smallCity } from './small-city.js'

function timeIn(timeZone: string) {
  const city = smallCity()
  return cityTime({ ...city, city: { ...city.city, timeZone } })
}

test('an instant is told by the clock of the city, with its offset', () => {
  const atMs = Date.UTC(2026, 10, 14, 23, 5)
  expect(timeIn('Asia/Shanghai').at(atMs)).toBe('2026-11-15 07:05+08:00')
  expect(timeIn('America/St_Johns').at(atMs)).toBe('2026-11-14 19:35-03:30')
  expect(timeIn('UTC').at(atMs)).toBe('2026-11-14 23:05+00:00')
})

test('seconds and milliseconds are told where they are not zero', () => {
  const { at } = timeIn('Asia/Shanghai')
  expect(at(Date.UTC(2026, 0, 1, 0, 0, 7))).toBe('2026-01-01 08:00:07+08:00')
  expect(at(Date.UTC(2026, 0, 1, 0, 0, 0, 20))).toBe('2026-01-01 08:00:00.020+08:00')
})

test('the hour that clocks show twice stays two instants', () => {
  // Summer time ended in the European Union on 2026-10-25 at 01:00 UTC.
  const { list } = timeIn('Europe/Berlin')
  expect(list([Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)])).toBe(
    '2026-10-25 02:30+02:00, 2026-10-25 02:30+01:00 (Europe/Berlin)',
  )
})
