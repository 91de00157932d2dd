import { expect, test } from 'vitest'
import { InpError, inventoryOf } from '../../../../../simulators/hydrology/index.js'

/** Names that things of different kinds share, a pump, a circle, and a subcatchment onto another. */
const TOWN = `[OPTIONS]
FLOW_UNITS LPS
FLOW_ROUTING DYNWAVE
START_DATE 06/01/2020
[RAINGAGES]
1 VOLUME 0:05 1.0 TIMESERIES TS
[SUBCATCHMENTS]
1 1 J1 1.0 65 100 0.5 0
S2 1 1 2.0 30 100 0.5 0
S3 1 S2 2.0 30 100 0.5 0
S4 1 J8 2.0 30 100 0.5 0
[LID_CONTROLS]
BIO BC
PAVE PP
[LID_USAGE]
1 BIO 2 400 20 20 70 0
1 PAVE 1 1200 20 20 70 0
[JUNCTIONS]
J1 0
J8 0
J9 0
[OUTFALLS]
O1 0 FREE NO
1 0 FREE NO
[PUMPS]
P1 J1 O1 CURVE ON 0 0
[CONDUITS]
C8 J8 J9 10 0.013 0 0
C9 J9 J8 10 0.013 0 0
[MAP]
UNITS Degrees
[COORDINATES]
O1 121.5 31.2
[SYMBOLS]
1 121.4 31.3
`

test('water is followed by nodes and subcatchments to its outfall; a circle has none', () => {
  const { subcatchments } = inventoryOf(TOWN)
  expect(subcatchments.map(({ name, outfall }) => [name, outfall])).toEqual([
    ['1', 'O1'],
    // A node is meant before a subcatchment of the same name.
    ['S2', '1'],
    ['S3', '1'],
    ['S4', null],
  ])
})

test('facilities take their area, the rest is impervious by its share', () => {
  const [first] = inventoryOf(TOWN).subcatchments
  // 10 000 m² less 800 and 1200: 8000, of which 65 % is 5200.
  expect(first).toMatchObject({ areaM2: 10_000, imperviousM2: 5200, perviousM2: 2800 })
  expect([...(first?.facilities ?? [])]).toEqual([
    ['BC', 800],
    ['PP', 1200],
  ])
})

test('places are known on a map in degrees only', () => {
  const { gauges, outfalls } = inventoryOf(TOWN)
  expect(gauges).toEqual([{ name: '1', position: [121.4, 31.3] }])
  expect(outfalls).toEqual([
    { name: 'O1', position: [121.5, 31.2] },
    { name: '1', position: null },
  ])
  expect(inventoryOf(TOWN.replace('Degrees', 'Meters')).gauges[0]?.position).toBeNull()
})

test('acres are acres: 1 ac is 4046.856 m²', () => {
  const [first] = inventoryOf(
    TOWN.replace('LPS', 'CFS').replace(/1 BIO.*\n1 PAVE.*\n/, ''),
  ).subcatchments
  expect(first?.areaM2).toBeCloseTo(4046.856, 3)
})

test('a gauge that is not there is a fault with its line', () => {
  try {
    inventoryOf(TOWN.replace('S2 1 1', 'S2 R9 1'))
    expect.unreachable()
  } catch (error) {
    if (!(error instanceof InpError)) throw error
    expect(error.faults).toEqual([
      { line: 9, message: '[SUBCATCHMENTS] rain gauge "R9": expected one of [RAINGAGES]' },
    ])
  }
})
