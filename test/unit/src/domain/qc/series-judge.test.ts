import { expect, test } from 'vitest'
import { registryIndex } from '../../../../../src/domain/city/registry-index.js'
import type { Registry } from '../../../../../src/domain/city/registry.js'
import { localTime } from '../../../../../src/domain/local-time.js'
import { seriesJudges } from '../../../../../src/domain/qc/series-judge.js'
import { HOUR_MS } from '../../../../../src/domain/time.js'
import { readRegistry } from '../../../../../src/adapters/city-file/index.js'
import { smallCity, type SmallSensor } from '../../../../setup/small-city.js'

const GAUGE = {
  field: 'rain',
  quantity: 'rain_depth',
  unit: 'mm',
  kind: '{ type: increment }',
  reporting: '{ type: periodic, intervalS: 300 }',
}

function judgesOf(sensors: readonly SmallSensor[], mended: (text: string) => string = (t) => t) {
  const reading = readRegistry(mended(smallCity({ sensors })), { models: ['senml-json'] })
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const registry: Registry = reading.registry
  return seriesJudges(registryIndex(registry), localTime(registry.city.timeZone))
}

test('gauges within 5 km are neighbours; counters, those on change and other stations are not', () => {
  const gauges = ['A', 'B', 'C'].map((device) => ({ ...GAUGE, device }))
  const others = [
    { ...GAUGE, device: 'D', kind: '{ type: counter }' },
    { ...GAUGE, device: 'E', reporting: '{ type: on-change, heartbeatS: 600 }' },
    { ...GAUGE, device: 'FAR' },
    { ...GAUGE, device: 'NEAR' },
  ]
  // A degree of latitude is 111.2 km on a sphere of 6,371 km.
  const judges = judgesOf([...gauges, ...others], (text) =>
    text
      .replace(
        'devices:',
        `  - { id: FAR, name: { zh: 远, en: Far }, position: { lon: 114, lat: 30.0451 } }
  - { id: NEAR, name: { zh: 近, en: Near }, position: { lon: 114, lat: 30.0448 } }
devices:`,
      )
      .replace('id: FAR\n    station: ST', 'id: FAR\n    station: FAR')
      .replace('id: NEAR\n    station: ST', 'id: NEAR\n    station: NEAR'),
  )
  expect(judges.get('A.rain')?.neighbours).toEqual(['B.rain', 'C.rain', 'NEAR.rain'])
  expect(judges.get('FAR.rain')?.neighbours).toEqual(['NEAR.rain'])
  expect(judges.has('D.rain')).toBe(false)
  expect(judges.get('E.rain')?.neighbours).toEqual([])
})

test('a context holds that of every test; a sensor without such a test has no judge', () => {
  const level = { ...GAUGE, quantity: 'level', unit: 'm', kind: '{ type: instant }' }
  const judges = judgesOf(
    [
      { ...GAUGE, device: 'A' },
      { ...level, device: 'L' },
      { ...level, device: 'OFF' },
      { ...level, device: 'FLOW', quantity: 'flow', unit: 'm3/s' },
    ],
    (text) =>
      text
        .replace(/(id: L\.rain.*) \}/, '$1, qc: { flatLine: { tolerance: 0, failAfterS: 7200 } } }')
        .replace(/(id: OFF\.rain.*) \}/, '$1, qc: { rateOfChange: off } }'),
  )
  expect(judges.get('L.rain')?.context).toEqual({
    rowsBefore: 1,
    rowsAfter: 0,
    msBefore: 2 * HOUR_MS,
    msAfter: 0,
  })
  expect(judges.get('A.rain')?.context).toEqual({
    rowsBefore: 0,
    rowsAfter: 0,
    msBefore: HOUR_MS,
    msAfter: HOUR_MS,
  })
  expect([...judges.keys()]).toEqual(['A.rain', 'L.rain'])
})
