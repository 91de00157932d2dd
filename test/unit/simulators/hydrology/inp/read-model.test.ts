import { expect, test } from 'vitest'
import { InpError, readModel, runHydrology } from '../../../../../simulators/hydrology/index.js'
import { cellsOf } from '../../../../../simulators/hydrology/inp/rows.js'

const NO_FILE = (name: string): string => {
  throw new Error(`${name} is not there`)
}

const SMALL = `[TITLE]
any text; [with
[OPTIONS]
FLOW_UNITS LPS
START_DATE 06/01/2020
END_DATE 06/01/2020
END_TIME 03:00:00
WET_STEP 00:00:30
REPORT_STEP 00:01:00
[RAINGAGES]
"gauge 1" INTENSITY 0:30 1.0 TIMESERIES TS ; a comment
[SUBCATCHMENTS]
S1 "gauge 1" O1 2.0 100 100 0.5 0
[SUBAREAS]
S1 0.013 0.20 1.5 5.0 0 OUTLET
[INFILTRATION]
S1 76 5 4 7 0
[OUTFALLS]
O1 0 FREE NO
[TIMESERIES]
TS 0:00 20 0:30 10
[MAP]
DIMENSIONS 0 0 1 1
`

function faultsOf(text: string, readText = NO_FILE): readonly string[] {
  try {
    readModel(text, readText)
  } catch (error) {
    if (error instanceof InpError) {
      return error.faults.map(({ line, message }) => `${line} ${message}`)
    }
    throw error
  }
  return []
}

test('cells end at blanks, comments are cut, quotes hold blanks and semicolons', () => {
  expect(cellsOf('  a\t"b c; d"  e;f ; g')).toEqual(['a', 'b c; d', 'e'])
  expect(cellsOf(';; a heading')).toEqual([])
})

test('what plays no part is named, in the order of the file', () => {
  const { ignored } = readModel(`${SMALL}[TAGS]\n[REPORT]\nNODES ALL\n`, NO_FILE)
  expect(ignored).toEqual(['[MAP]', '[REPORT]'])
  const optioned = SMALL.replace(
    'FLOW_UNITS LPS',
    'FLOW_UNITS LPS\nINERTIAL_DAMPING FULL\nTHREADS 4',
  )
  expect(readModel(optioned, NO_FILE).ignored).toEqual([
    '[MAP]',
    '[OPTIONS] INERTIAL_DAMPING',
    '[OPTIONS] THREADS',
  ])
})

test('rates hold for their interval: 20 and 10 mm/h of half an hour each are 15 mm', () => {
  const { model } = readModel(SMALL, NO_FILE)
  const [own] = runHydrology(model).subcatchments
  expect((1000 * (own?.rainM3 ?? 0)) / 20_000).toBeCloseTo(15, 9)
})

test.each([
  ['VOLUME 0:30', '0:00 10 0:30 5', 15],
  ['CUMULATIVE 0:30', '0:00 10 0:30 15', 15],
  ['INTENSITY 1:00', '06/01/2020 0:00 20 1.5 4', 24],
])('%s of %s is a rain of %d mm', (form, values, depthMm) => {
  const text = SMALL.replace('INTENSITY 0:30', form).replace('0:00 20 0:30 10', values)
  const [own] = runHydrology(readModel(text, NO_FILE).model).subcatchments
  expect((1000 * (own?.rainM3 ?? 0)) / 20_000).toBeCloseTo(depthMm, 9)
})

test('a series may stand in a file', () => {
  const text = SMALL.replace('TS 0:00 20 0:30 10', 'TS FILE "rain 1.dat"')
  const read = (name: string): string => `; ${name}\n06/01/2020 0:00 20\n0.5 10\n`
  const [inFile] = runHydrology(readModel(text, read).model).subcatchments
  const [inline] = runHydrology(readModel(SMALL, NO_FILE).model).subcatchments
  expect(inFile).toEqual(inline)
  expect(faultsOf(text)).toEqual([
    '21 [TIMESERIES] FILE "rain 1.dat" cannot be read: rain 1.dat is not there',
  ])
})

test('a file in US units gives the flows of the same town in SI', () => {
  // 2 ha = 4.942108 ac, 100 m = 328.08399 ft, 20 mm/h = 0.7874016 in/h, 1.5 mm = 0.0590551 in.
  const us = SMALL.replace('LPS', 'CFS')
    .replace('O1 2.0 100 100', 'O1 4.942107615 100 328.083990')
    .replace('0.20 1.5 5.0', '0.20 0.059055118 0.19685039')
    .replace('0:00 20 0:30 10', '0:00 0.787401575 0:30 0.3937007874')
  const [first] = runHydrology(readModel(us, NO_FILE).model).subcatchments
  const [second] = runHydrology(readModel(SMALL, NO_FILE).model).subcatchments
  expect(first?.runoffM3).toBeCloseTo(second?.runoffM3 ?? Number.NaN, 4)
  expect(first?.peakM3S).toBeCloseTo(second?.peakM3S ?? Number.NaN, 7)
})

test('every fault is told at once, with its line, the value and what would be right', () => {
  const text = SMALL.replace('100 100 0.5 0', '120 wide 0.5 0').replace('O1 0 FREE', 'O2 0 FREE')
  expect(faultsOf(text)).toEqual([
    '13 [SUBCATCHMENTS] outlet "O1": expected a junction, an outfall or a subcatchment',
    '13 [SUBCATCHMENTS] impervious, % "120": expected a number from 0 to 100',
    '13 [SUBCATCHMENTS] width "wide": expected a number of at least 0',
  ])
})

test.each([
  ['[STORAGE]\nT1 0 1', '[STORAGE] this section is not supported and would change the result'],
  ['[OPTIONS]\nINFILTRATION CURVE_NUMBER', '[OPTIONS] INFILTRATION "CURVE_NUMBER": expected'],
  ['[OPTIONS]\nIGNORE_RAINFALL YES', '[OPTIONS] IGNORE_RAINFALL YES is not supported'],
  ['[LID_CONTROLS]\nV VS', '[LID_CONTROLS] a vegetative swale (VS) is not supported'],
  ['[EVAPORATION]\nTEMPERATURE', '[EVAPORATION] evaporation by TEMPERATURE is not supported'],
])('%j is refused by its name', (lines, expected) => {
  const faults = faultsOf(`${SMALL}${lines}\n`)
  expect(faults.length).toBe(1)
  expect(faults[0]).toContain(expected)
})

test('wind is ignored, air temperature refused; head losses are ignored, seepage refused', () => {
  expect(readModel(`${SMALL}[TEMPERATURE]\nWINDSPEED MONTHLY 0 0 0\n`, NO_FILE).ignored).toEqual([
    '[MAP]',
    '[TEMPERATURE]',
  ])
  const line = 'this line is not supported and would change the result'
  expect(faultsOf(`${SMALL}[TEMPERATURE]\nTIMESERIES T1\n`)).toEqual([`25 [TEMPERATURE] ${line}`])
  expect(faultsOf(`${SMALL}[LOSSES]\nC1 0.5 0.5 0 NO 0\n`)).toEqual([])
  expect(faultsOf(`${SMALL}[LOSSES]\nC1 0.5 0.5 0 NO 2\n`)).toEqual([`25 [LOSSES] ${line}`])
})

test('a line of [INFILTRATION] may name a method of its own', () => {
  const text = SMALL.replace('S1 76 5 4 7 0', 'S1 90 6 0.3 GREEN_AMPT')
  expect(readModel(text, NO_FILE).model.subcatchments[0]?.infiltration.method).toBe('green-ampt')
  const horton = SMALL.replace('S1 76 5 4 7 0', 'S1 76 5 4 7 HORTON')
  expect(readModel(horton, NO_FILE).model.subcatchments[0]?.infiltration).toMatchObject({
    method: 'horton',
    capacityM: Infinity,
  })
  expect(faultsOf(SMALL.replace('S1 76 5 4 7 0', 'S1 80 0.5 7 CURVE_NUMBER'))[0]).toContain(
    'method "CURVE_NUMBER": expected HORTON, GREEN_AMPT, MODIFIED_GREEN_AMPT',
  )
})

test('a name stands once, for a junction and an outfall together', () => {
  expect(faultsOf(`${SMALL}[JUNCTIONS]\nO1 1\n`)).toEqual(['19 [OUTFALLS] "O1" stands twice'])
  expect(faultsOf(SMALL.replace('S1 "gauge', 'S1 "gauge 1" O1 1 0 1 1 0\nS1 "gauge'))).toEqual([
    '14 [SUBCATCHMENTS] "S1" stands twice',
  ])
})

test('a subcatchment without infiltration is told once', () => {
  expect(faultsOf(SMALL.replace('S1 76 5 4 7 0\n', ''))).toEqual([
    '13 [SUBCATCHMENTS] expected a line in [INFILTRATION], too',
  ])
})

const PIPE = `[JUNCTIONS]
J1 1
[CONDUITS]
C1 J1 O1 100 0.013 0 0
[XSECTIONS]
C1 CIRCULAR 1 0 0 0
`

test('pipes are kinematic, go down, and are round or rectangular, or are refused by name', () => {
  expect(faultsOf(SMALL + PIPE)).toEqual([])
  expect(faultsOf(SMALL + PIPE + '[OPTIONS]\nFLOW_ROUTING DYNWAVE\n')[0]).toContain(
    'FLOW_ROUTING DYNWAVE of conduits',
  )
  expect(faultsOf(SMALL + PIPE.replace('CIRCULAR', 'EGG'))[0]).toContain('the shape EGG')
  expect(faultsOf(SMALL + PIPE.replace('J1 1', 'J1 -1'))[0]).toContain('an adverse slope')
})

test('a circle of subcatchments is a fault', () => {
  const text = SMALL.replace(
    'S1 "gauge 1" O1 2.0 100 100 0.5 0',
    'S1 "gauge 1" S2 2.0 100 100 0.5 0\nS2 "gauge 1" S1 2.0 100 100 0.5 0',
  )
    .replace('S1 0.013', 'S2 0.013 0.20 1.5 5.0 0 OUTLET\nS1 0.013')
    .replace('S1 76', 'S2 76 5 4 7 0\nS1 76')
  expect(faultsOf(text)).toEqual([
    '13 [SUBCATCHMENTS] the outlet of "S1" leads back to it: not supported',
  ])
})
