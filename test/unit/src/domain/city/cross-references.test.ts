import { describe, expect, test } from 'vitest'
import type { UnitRules } from '../../../../../src/domain/city/unit-rules.js'
import { crossReferenceFaults } from '../../../../../src/domain/city/cross-references.js'
import { comparisons, smallCityWith } from './small-city.js'

/** Only the units of the small city; which units there are is tested elsewhere. */
const units: UnitRules = {
  convertible: (unit) => ['mm', 'cm', 'm', 'L/s', 'V', 'Cel', 'm/s'].includes(unit),
  accepted: () => ['mm', 'cm'],
}

/** Paths of the faults that a city with these changes has. */
function faultPaths(changes: Readonly<Record<string, unknown>>): string[] {
  const faults = crossReferenceFaults(smallCityWith(changes), { units, models: ['senml-json'] })
  for (const { message, remedy } of faults) {
    expect(message).not.toBe('')
    expect(remedy).not.toBe('')
  }
  return faults.map(({ path }) => path.join('.'))
}

const at = (day: string): string => `2025-${day}T00:00:00+08:00`

test('a consistent city has no faults', () => {
  expect(faultPaths({})).toEqual([])
})

test('a draft of nothing has no faults: what could not be read is not judged', () => {
  expect(crossReferenceFaults({}, { units })).toEqual([])
  expect(
    crossReferenceFaults({ devices: [undefined, {}], outfalls: [{ metering: [{}] }] }, { units }),
  ).toEqual([])
})

test('references into a list that could not be read are not judged', () => {
  const city = { ...smallCityWith({}), devices: undefined, stations: undefined }
  expect(crossReferenceFaults(city, { units })).toEqual([])
})

describe('identities', () => {
  const stationOfTheSameId = {
    id: 'ST1',
    name: { zh: '站', en: 'station' },
    position: { lon: 1, lat: 1 },
  }

  test.each([
    ['drainageZones.1.id', 'Z1'],
    ['outfalls.1.id', 'O1'],
    ['devices.1.id', 'RG'],
    ['stations.1', stationOfTheSameId],
  ])('a second owner of an id is a fault: %s', (path, value) => {
    const found = faultPaths({ [path]: value })
    expect(found).toContain(path.endsWith('.id') ? path : `${path}.id`)
  })

  test('a sensor’s id is unique in the city, not only in its device', () => {
    expect(faultPaths({ 'devices.2.sensors.0.id': 'RG.rain' })).toContain('devices.2.sensors.0.id')
  })

  test('different sections may use the same id', () => {
    expect(
      faultPaths({
        'stations.0.id': 'Z1',
        'devices.0.station': 'Z1',
        'devices.1.station': 'Z1',
        'devices.2.station': 'Z1',
      }),
    ).toEqual([])
  })
})

describe('references', () => {
  test.each([
    'projects.0.zone',
    'catchments.0.zone',
    'catchments.0.project',
    'catchments.0.gauges.0.sensor',
    'facilities.0.project',
    'facilities.0.catchment',
    'outfalls.0.zone',
    'outfalls.0.catchments.0',
    'outfalls.0.metering.0.sensor',
    'pondingPoints.0.zone',
    'pondingPoints.0.sensor',
    'pondingPoints.0.gauge',
    'devices.0.station',
  ])('what %s names must exist', (path) => {
    expect(faultPaths({ [path]: 'NOWHERE' })).toEqual([path])
  })

  test.each([
    ['catchments.0.gauges.0.sensor', 'FM.flow'],
    ['outfalls.0.metering.0.sensor', 'PD.depth'],
    ['pondingPoints.0.sensor', 'RG.rain'],
    ['pondingPoints.0.gauge', 'FM.flow'],
  ])('the sensor in %s observes what its role needs', (path, sensor) => {
    expect(faultPaths({ [path]: sensor })).toEqual([path])
  })

  test('upstream inflow comes from a flow sensor other than the outfall’s own', () => {
    const upstream = (sensor: string) => ({ 'outfalls.0.upstream': [{ sensor, travelMin: 5 }] })
    expect(faultPaths(upstream('NOWHERE'))).toEqual(['outfalls.0.upstream.0.sensor'])
    expect(faultPaths(upstream('RG.rain'))).toEqual(['outfalls.0.upstream.0.sensor'])
    expect(faultPaths(upstream('FM.flow'))).toEqual(['outfalls.0.upstream.0.sensor'])
  })
})

describe('catchments', () => {
  const surfaces = (areaM2: number) => ({
    'catchments.0.surfaces': [
      { kind: 'roof', areaM2: 4_000 },
      { kind: 'green', areaM2: areaM2 - 4_000 },
    ],
  })

  test('surfaces agree with the area of 10,000 m² up to exactly 1 %', () => {
    expect(faultPaths(surfaces(9_900))).toEqual([])
    expect(faultPaths(surfaces(10_100))).toEqual([])
    expect(faultPaths(surfaces(9_899))).toEqual(['catchments.0.surfaces'])
    expect(faultPaths(surfaces(10_101))).toEqual(['catchments.0.surfaces'])
  })

  test('a gauge counts once', () => {
    const gauges = [
      { sensor: 'RG.rain', weight: 0.5 },
      { sensor: 'RG.rain', weight: 0.5 },
    ]
    expect(faultPaths({ 'catchments.0.gauges': gauges })).toEqual(['catchments.0.gauges.1.sensor'])
  })

  test('a catchment lies in the zone of its project', () => {
    expect(faultPaths({ 'projects.0.zone': 'Z2' })).toEqual(['catchments.0.project'])
  })

  test('a facility lies in a catchment of its own project', () => {
    const other = { ...smallCityWith({}).projects[0], id: 'P2' }
    expect(faultPaths({ 'projects.1': other, 'facilities.0.project': 'P2' })).toEqual([
      'facilities.0.catchment',
    ])
  })
})

describe('metering', () => {
  const metering = (...periods: readonly (readonly [string, string?])[]) => ({
    'outfalls.0.metering': periods.map(([from, to]) => ({
      state: 'unmetered',
      from: at(from),
      ...(to === undefined ? {} : { to: at(to) }),
    })),
  })

  test('periods that follow each other are in order, in whatever order they are listed', () => {
    expect(faultPaths(metering(['01-01', '02-01'], ['02-01']))).toEqual([])
    expect(faultPaths(metering(['02-01'], ['01-01', '02-01']))).toEqual([])
  })

  test('the same instant in another offset is the same instant', () => {
    const periods = [
      { state: 'unmetered', from: at('01-01'), to: '2025-02-01T00:00:00+08:00' },
      { state: 'unmetered', from: '2025-01-31T16:00:00Z' },
    ]
    expect(faultPaths({ 'outfalls.0.metering': periods })).toEqual([])
  })

  test('an overlap is a fault, also with a period that lasts on', () => {
    expect(faultPaths(metering(['01-01', '02-02'], ['02-01']))).toEqual([
      'outfalls.0.metering.1.from',
    ])
    expect(faultPaths(metering(['01-01'], ['02-01', '03-01']))).toEqual([
      'outfalls.0.metering.1.from',
    ])
  })

  test('a period within another does not hide the overlap of a third', () => {
    expect(faultPaths(metering(['01-01', '06-01'], ['02-01', '03-01'], ['05-01']))).toEqual([
      'outfalls.0.metering.1.from',
      'outfalls.0.metering.2.from',
    ])
  })

  test('time of which nothing is said is a fault', () => {
    expect(faultPaths(metering(['01-01', '02-01'], ['02-02']))).toEqual([
      'outfalls.0.metering.1.from',
    ])
  })

  test('a period ends after it begins', () => {
    expect(faultPaths(metering(['02-01', '01-01']))).toEqual(['outfalls.0.metering.0.to'])
    expect(faultPaths(metering(['02-01', '02-01']))).toEqual(['outfalls.0.metering.0.to'])
  })

  test('one sensor meters one outfall at a time', () => {
    const metered = (from: string, to?: string) => [
      {
        state: 'metered',
        from: at(from),
        ...(to === undefined ? {} : { to: at(to) }),
        sensor: 'FM.flow',
      },
    ]
    expect(
      faultPaths({
        'outfalls.0.metering': metered('01-01', '02-01'),
        'outfalls.1.metering': metered('02-01'),
      }),
    ).toEqual([])
    expect(
      faultPaths({
        'outfalls.0.metering': metered('01-01', '02-02'),
        'outfalls.1.metering': metered('02-01'),
      }),
    ).toEqual(['outfalls.1.metering.0.sensor'])
  })

  test('a metered outfall drains one zone; an unmetered one may drain two', () => {
    expect(faultPaths({ 'outfalls.0.catchments': ['C1', 'C2'] })).toEqual([
      'outfalls.0.catchments.1',
    ])
    expect(faultPaths({ 'outfalls.1.catchments': ['C1', 'C2'] })).toEqual([])
  })

  test('a catchment counts once at its outfall', () => {
    expect(faultPaths({ 'outfalls.0.catchments': ['C1', 'C1'] })).toEqual([
      'outfalls.0.catchments.1',
    ])
  })
})

describe('comparisons of years', () => {
  const faults = (changes: Readonly<Record<string, unknown>>) => faultPaths(comparisons(changes))

  test('wells of levels and of depths, and sites inside and outside, are in order', () => {
    expect(faults({})).toEqual([])
  })

  test.each([
    'groundwater.wells.0.sensor',
    'heatIsland.inside.0',
    'heatIsland.outside.0',
    'heatIsland.weather.rain',
    'heatIsland.weather.wind',
  ])('what %s names exists and observes what it needs', (path) => {
    expect(faults({ [path]: 'NOWHERE' })).toEqual([path])
    expect(faults({ [path]: 'FM.flow' })).toEqual([path])
  })

  test('a well stands once, a site inside or outside', () => {
    expect(faults({ 'groundwater.wells.1.sensor': 'GL.level' })).toEqual([
      'groundwater.wells.1.sensor',
    ])
    expect(faults({ 'heatIsland.outside.0': 'TI.air' })).toEqual(['heatIsland.outside.0'])
  })

  test.each(['groundwater', 'heatIsland'])('the years of %s end after they begin', (section) => {
    expect(faults({ [`${section}.before.toYear`]: 2015 })).toEqual([])
    expect(faults({ [`${section}.before.toYear`]: 2014 })).toEqual([`${section}.before.toYear`])
    expect(faults({ [`${section}.after.toYear`]: 2019 })).toEqual([`${section}.after.toYear`])
  })

  test.each(['groundwater', 'heatIsland'])('the years after follow those before: %s', (section) => {
    expect(faults({ [`${section}.after.fromYear`]: 2020 })).toEqual([])
    expect(faults({ [`${section}.after.fromYear`]: 2019 })).toEqual([`${section}.after.fromYear`])
  })
})

describe('devices', () => {
  test('a device is decoded by a known model', () => {
    expect(faultPaths({ 'devices.0.model': 'senml-xml' })).toEqual(['devices.0.model'])
  })

  test('a device is removed after it was installed', () => {
    expect(faultPaths({ 'devices.0.removedAt': at('01-01') })).toEqual(['devices.0.removedAt'])
    expect(faultPaths({ 'devices.0.removedAt': at('01-02') })).toEqual([])
  })

  test('a vendor topic belongs to one device', () => {
    expect(faultPaths({ 'devices.0.vendorTopic': 'v/1', 'devices.1.vendorTopic': 'v/1' })).toEqual([
      'devices.1.vendorTopic',
    ])
  })

  test.each(['v/+/up', 'v/#', '$SYS/x', 'rl/v1/linshui/FM/up', 'v/\0', 'v'.repeat(65_536)])(
    'no device can have the topic %.20s for itself',
    (topic) => {
      expect(faultPaths({ 'devices.0.vendorTopic': topic })).toEqual(['devices.0.vendorTopic'])
    },
  )

  test('a topic may be 65,535 bytes long', () => {
    expect(faultPaths({ 'devices.0.vendorTopic': 'v'.repeat(65_535) })).toEqual([])
  })
})

describe('sensors', () => {
  const sensor = 'devices.0.sensors.0'

  test.each(['instant', 'interval-mean'])('rain depth is a total and never comes as %s', (type) => {
    expect(faultPaths({ [`${sensor}.kind`]: { type } })).toEqual([`${sensor}.kind.type`])
  })

  test.each([{ type: 'increment' }, { type: 'counter' }, { type: 'tip', perTip: 0.2 }])(
    'flow is a state and never comes as $type',
    (kind) => {
      const path = 'devices.1.sensors.0.kind'
      expect(faultPaths({ [path]: kind })).toEqual([`${path}.type`])
    },
  )

  test('a unit can be converted to the quantity’s own', () => {
    expect(faultPaths({ [`${sensor}.unit`]: 'inches' })).toEqual([`${sensor}.unit`])
  })

  test('limits leave a range, and suspect lies within fail', () => {
    const limits = (fail: number[], suspect?: number[]) => ({
      [`${sensor}.limits`]: suspect === undefined ? { fail } : { fail, suspect },
    })
    expect(faultPaths(limits([0, 10], [0, 10]))).toEqual([])
    expect(faultPaths(limits([10, 0]))).toEqual([`${sensor}.limits.fail`])
    expect(faultPaths(limits([5, 5]))).toEqual([`${sensor}.limits.fail`])
    expect(faultPaths(limits([0, 10], [0, 11]))).toEqual([`${sensor}.limits.suspect`])
  })

  test('calibrations do not overlap, but may leave time between them', () => {
    const calibrations = (from: string) => ({
      [`${sensor}.calibrations`]: [
        { from: at('01-01'), to: at('02-01'), gain: 1, offset: 0, certificate: 'K-1' },
        { from: at(from), gain: 1.1, offset: 0, certificate: 'K-2' },
      ],
    })
    expect(faultPaths(calibrations('02-01'))).toEqual([])
    expect(faultPaths(calibrations('03-01'))).toEqual([])
    expect(faultPaths(calibrations('01-31'))).toEqual([`${sensor}.calibrations.1.from`])
  })

  test('a name in a payload means one sensor of the device', () => {
    const second = (field: string) => ({
      'devices.0.sensors.1': {
        ...smallCityWith({}).devices[2]?.sensors[0],
        id: 'RG.second',
        field,
      },
    })
    expect(faultPaths(second('depth'))).toEqual([])
    expect(faultPaths(second('rain'))).toEqual(['devices.0.sensors.1.field'])
    expect(faultPaths(second('RG.rain'))).toEqual(['devices.0.sensors.1.field'])
    // Its own id as field is unambiguous.
    expect(faultPaths(second('RG.second'))).toEqual([])
  })
})

describe('city', () => {
  test.each(['Asia/Beijing', '+08:00', 'CST8', ''.padEnd(300, 'x')])(
    '%.20s is no time zone of the IANA database',
    (zone) => {
      expect(faultPaths({ 'city.timeZone': zone })).toEqual(['city.timeZone'])
    },
  )

  test('a storm formula has an edition and a validity that ends after it begins', () => {
    const formula = (validTo: string | undefined, edition: object) => ({
      'city.stormFormula': {
        form: 'general',
        A: 2001,
        C: 0.811,
        b: 8,
        n: 0.711,
        validFrom: '2022-01-01',
        ...(validTo === undefined ? {} : { validTo }),
        provenance: { document: 'formula', ...edition },
      },
    })
    expect(faultPaths(formula(undefined, { edition: '2021' }))).toEqual([])
    expect(faultPaths(formula('2023-01-01', { edition: '2021' }))).toEqual([])
    expect(faultPaths(formula('2022-01-01', { edition: '2021' }))).toEqual([
      'city.stormFormula.validTo',
    ])
    expect(faultPaths(formula(undefined, {}))).toEqual(['city.stormFormula.provenance.edition'])
  })
})
