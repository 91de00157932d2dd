import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Document, parse, parseDocument } from 'yaml'
import {
  faultLines,
  loadRegistry,
  readRegistry,
  registrySha256,
  toWgs84,
} from '../../src/adapters/city-file/index.js'
import type { RegistryFault } from '../../src/ports/city-registry.js'

const MODELS = { models: ['senml-json', 'senml-cbor', 'plain-json'] }
const FOLDER = join(import.meta.dirname, 'city-file')
const good = await readFile(join(FOLDER, 'good.yaml'), 'utf8')
const faulty = await readFile(join(FOLDER, 'faulty.yaml'), 'utf8')

function faultsOf(text: string): readonly RegistryFault[] {
  const reading = readRegistry(text, MODELS)
  return reading.ok ? [] : reading.faults
}

/** A faultless registry's text with something exchanged; the test fails when it is not in there. */
function goodWith(part: string, other: string): string {
  expect(good).toContain(part)
  return good.replace(part, other)
}

/** The faultless registry with quality tests for its gauge. */
function withQuality(qc: string): string {
  return goodWith(
    '        reporting: { type: on-change, heartbeatS: 3600 }\n',
    `        reporting: { type: periodic, intervalS: 300 }\n        qc: ${qc}\n`,
  )
}

describe('readRegistry', () => {
  test('a registry without faults is read whole, defaults filled in', () => {
    const reading = readRegistry(good, MODELS)
    expect(faultsOf(good)).toEqual([])
    if (!reading.ok) throw new Error('not read')
    expect(reading.remarks).toEqual([])
    expect(reading.registry.city.name.zh).toBe('临水市')
    expect(reading.registry.outfalls[0]?.baseFlow).toEqual({ method: 'antecedent', windowH: 2 })
    // Written once, repeated by alias.
    expect(reading.registry.catchments[0]?.area.provenance.document).toBe('专项规划')
  })

  test.each([
    ['{ spike: { suspect: 5, fail: 2 } }', 'suspect must not be greater than fail'],
    ['{ spike: {} }', 'needs suspect, fail or both'],
    [
      '{ spike: of }',
      '"of" is none of the known words → write off or a mapping with suspect, fail',
    ],
    ['{ spikes: { suspect: 5 } }', '"spikes" is no known key here → write spike'],
    ['{ spike: { suspectt: 5 } }', '"suspectt" is no known key here → write suspect'],
    [
      '{ flatLine: { suspectAfterS: 60 } }',
      '"tolerance" is missing → add tolerance: a number not below 0',
    ],
    ['{ grossRange: { fail: [0, 9] } }', '"grossRange" is no known key here → delete it'],
    ['{ timeGap: { failAboveS: 2 h } }', '"2 h" is of another type → write a number above 0'],
    ['{ climatology: [{ from: "11-31", to: "12-01", fail: [0, 9] }] }', 'no such day in any year'],
    ['{ neighbour: { sensors: [RG-99.rain] } }', 'no sensor has the id "RG-99.rain"'],
    ['{ neighbour: { sensors: [RG.rain] } }', '"RG.rain" is the gauge itself → name other gauges'],
    ['{ neighbour: { sensors: [FM.flow] } }', 'observes flow; a neighbour is a rain gauge'],
  ])('a fault of quality tests %s says what is right', (qc, said) => {
    const text = withQuality(qc)
    const line = text.split('\n').findIndex((written) => written.includes('qc:')) + 1
    const faults = faultsOf(text)
    expect(faults.map(({ message, remedy }) => `${message} → ${remedy}`).join()).toContain(said)
    expect(new Set(faults.map((fault) => fault.line))).toEqual(new Set([line]))
  })

  test('quality tests of a sensor are read, with their defaults', () => {
    const reading = readRegistry(
      withQuality('{ neighbour: { atLeast: 1 }, spike: { suspect: 0 }, flatLine: off }'),
      MODELS,
    )
    if (!reading.ok) throw new Error('not read')
    const { qc } = reading.registry.devices[0]?.sensors[0] ?? {}
    expect(qc).toEqual({
      neighbour: { atLeast: 1, windowS: 3600, wetAboveMm: 5 },
      spike: { suspect: 0 },
      flatLine: 'off',
    })
  })

  test('every fault of a text is reported at once, each at its line', () => {
    const lines = faulty.split('\n')
    const expected = lines.flatMap((line, index) => {
      const about = line.split('#!')[1]?.trim()
      return about === undefined || index === 0 ? [] : [{ line: index + 1, about }]
    })
    expect(expected.length).toBeGreaterThan(30)

    const faults = faultsOf(faulty)
    for (const { line, about } of expected) {
      const there = faults.filter((fault) => fault.line === line)
      const texts = there.map(({ message, remedy }) => `${message} → ${remedy}`)
      expect(
        texts.some((text) => text.includes(about)),
        `line ${line}: ${about}: ${texts.join('; ')}`,
      ).toBe(true)
    }
    expect(faults.map(({ line }) => line)).toEqual(expected.map(({ line }) => line))
  })

  test('a credential is refused and shown nowhere', () => {
    const text = JSON.stringify(faultsOf(faulty))
    expect(text).toContain('secrets file')
    expect(text).not.toContain('hunter2')
  })

  test.each([
    ['a URL with a password', 'mqtt://city:s3cr3t-word@broker.example'],
    ['a private key', '-----BEGIN PRIVATE KEY----- s3cr3t-word'],
    ['a JSON web token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzM2NyM3Qtd29yZCJ9.s3cr3t-word'],
  ])('%s is a credential under any key', (_, value) => {
    const faults = faultsOf(goodWith('vendorTopic: /vendor/fm/1', `vendorTopic: '${value}'`))
    expect(faults.map(({ path }) => path)).toEqual(['devices[1].vendorTopic'])
    expect(faults[0]?.message).toContain('credential')
    expect(JSON.stringify(faults)).not.toContain('s3cr3t-word')
  })

  test.each(['x', 'eyJ', '-eyJ', 'a://', 'eyJhbGciOi.', '-----BEGIN '])(
    'a megabyte of %s is refused without holding up the service',
    (text) => {
      const startMs = performance.now()
      expect(faultsOf(text.repeat(1_000_000 / text.length)).length).toBeGreaterThan(0)
      // The square of its length would take minutes.
      expect(performance.now() - startMs).toBeLessThan(5_000)
    },
  )

  test('all errors of syntax are reported, each line once', () => {
    const text = 'format: 1\n\tcity: x\nstations：y\ndevices: "open\n'
    const faults = faultsOf(text)
    expect(faults.map(({ line }) => line)).toEqual(
      [...new Set(faults.map(({ line }) => line))].sort((a, b) => (a ?? 0) - (b ?? 0)),
    )
    expect(faults.length).toBeGreaterThan(1)
    expect(parseDocument(text).errors.length).toBeGreaterThanOrEqual(faults.length)
  })

  test('a full-width colon is named for what it is', () => {
    const faults = faultsOf('format：1\ncity: {}\n')
    expect(faults[0]?.line).toBe(1)
    expect(faults[0]?.remedy).toContain('half-width colon')
  })

  test('an alias without anchor is reported with its line', () => {
    const faults = faultsOf(goodWith('provenance: &plan', 'provenance:'))
    const lines = good
      .split('\n')
      .flatMap((line, index) => (line.includes('*plan') ? [index + 1] : []))
    expect(lines).toHaveLength(2)
    expect(faults.map(({ line }) => line)).toEqual(lines)
  })

  test('an alias bomb is refused instead of being unfolded', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const repeats = Array.from({ length: 20 }, () => `*l${level}`).join(', ')
      return `l${level + 1}: &l${level + 1} [${repeats}]`
    })
    const faults = faultsOf(['l0: &l0 x', ...levels].join('\n'))
    expect(faults.map(({ message }) => message).join()).toMatch(/alias/i)
  })

  test('a fault within a repeated value is reported at the line it was written', () => {
    const faults = faultsOf(goodWith("edition: '2024'", 'edition: 2024'))
    const line = good.split('\n').findIndex((one) => one.includes('&plan')) + 1
    expect(new Set(faults.map((fault) => fault.line))).toEqual(new Set([line]))
    expect(faults[0]?.remedy).toBe('put it in quotes: "2024"')
  })

  test('an unreadable end of a period makes no false overlap', () => {
    const faults = faultsOf(goodWith("to: '2025-01-01T00:00:00+08:00' }", 'to: soon }'))
    expect(faults.map(({ path }) => path)).toEqual(['outfalls[0].metering[0].to'])
  })

  test('an unreadable unit hides no broken reference', () => {
    const text = goodWith('gauge: RG.rain', 'gauge: RG.rein').replace('unit: cm', 'unit: 7')
    expect(faultsOf(text).map(({ path }) => path)).toEqual([
      'pondingPoints[0].gauge',
      'devices[2].sensors[0].unit',
    ])
  })

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const reading = readRegistry(text, MODELS)
        return !reading.ok && reading.faults.length > 0
      }),
    )
  })

  test('no damage to a good text makes it throw, and what is read has a hash', () => {
    const cut = fc.record({
      at: fc.nat(good.length - 1),
      length: fc.nat(40),
      // Pieces that mean something to YAML break more than letters do.
      insert: fc.constantFrom('', ' ', '\n', '\t', ':', '- ', '[', '{', '*plan', '&plan', '"', '0'),
    })
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        let text = good
        for (const { at, length, insert } of cuts) {
          text = text.slice(0, at) + insert + text.slice(at + length)
        }
        const reading = readRegistry(text, MODELS)
        if (reading.ok) expect(registrySha256(reading.registry)).toMatch(/^[0-9a-f]{64}$/)
        else expect(reading.faults.length).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  test('no value in the place of any other makes it throw', () => {
    const registry: unknown = parse(good)
    const paths = leafPaths(registry)
    expect(paths.length).toBeGreaterThan(80)
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.jsonValue(),
          fc.constantFrom('2026-13-01', 'RG.rain', -0, Number.POSITIVE_INFINITY),
        ),
        (path, value) => {
          // Without aliases, so that each place has a value of its own.
          const damaged = new Document(registry, { aliasDuplicateObjects: false })
          damaged.setIn(path, value)
          const reading = readRegistry(damaged.toString(), MODELS)
          return reading.ok || reading.faults.length > 0
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('registrySha256', () => {
  function hashOf(text: string): string {
    const reading = readRegistry(text, MODELS)
    if (!reading.ok) throw new Error(faultLines(reading.faults, 'text').join('\n'))
    return registrySha256(reading.registry)
  }

  test('comments, order of keys and defaults written out change nothing', () => {
    const same = goodWith('# A small city', '# Another comment: a small city')
      .replace(
        'id: Z1, name: { zh: 一区, en: Zone 1 }, system: separate',
        'system: separate, name: { en: Zone 1, zh: 一区 }, id: Z1',
      )
      .replace('    model: senml-json\n', '    model: senml-json\n    clock: own\n')
    expect(hashOf(same)).toBe(hashOf(good))
  })

  test('sections that a later release brought leave it as it was', () => {
    // The hash by 4d760e4, which knew neither groundwater nor heatIsland.
    expect(hashOf(good)).toBe('117bbce20b4e5972a9481e0b7187145683984978772ccc3ea80151fbf6b43395')
  })

  test('a changed value changes it', () => {
    expect(hashOf(goodWith('gain: 1.03', 'gain: 1.031'))).not.toBe(hashOf(good))
  })
})

describe('loadRegistry', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rainledger-city-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  /** good.yaml cut into its city with places, its first device, and its other devices. */
  async function divide(): Promise<void> {
    const [places, devices] = goodWith(
      'provenance: *plan }\n    # 0.5',
      'provenance: *plan }\n    # 0.5',
    ).split('\ndevices:\n')
    const [first, ...others] = (devices ?? '').split('\n  - id: ')
    await writeFile(join(folder, 'a-city.yaml'), `${places}\n`)
    await writeFile(join(folder, 'b-gauges.yml'), `format: 1\ndevices:\n${first}\n`)
    const rest = others.map((device) => `  - id: ${device}`).join('\n')
    await writeFile(join(folder, 'c-others.yaml'), `devices:\n${rest}\n`)
    await writeFile(join(folder, 'notes.txt'), 'not: [a registry')
  }

  test('a folder of files is the same registry as one file', async () => {
    await divide()
    const whole = await loadRegistry(join(FOLDER, 'good.yaml'), MODELS)
    const parts = await loadRegistry(folder, MODELS)
    if (!whole.ok || !parts.ok)
      throw new Error(parts.ok ? 'whole' : String(faultLines(parts.faults, '')))
    expect(registrySha256(parts.registry)).toBe(registrySha256(whole.registry))
    expect(whole.text).toBe(good)
    // What goes to `city apply` is one text with the same content.
    const applied = readRegistry(parts.text, MODELS)
    expect(applied.ok && registrySha256(applied.registry)).toBe(registrySha256(whole.registry))
  })

  test('a fault in a folder names file and line within it', async () => {
    await divide()
    const file = join(folder, 'c-others.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('unit: cm', 'unit: hour'))
    const reading = await loadRegistry(folder, MODELS)
    if (reading.ok) throw new Error('read')
    const line = text.split('\n').findIndex((one) => one.includes('unit: cm')) + 1
    expect(reading.faults).toMatchObject([{ file, line, path: 'devices[2].sensors[0].unit' }])
    expect(faultLines(reading.faults, folder)[0]).toContain(`${file}:${line} devices[2]`)
  })

  test('a section that is no list stands in one file only', async () => {
    await divide()
    await writeFile(join(folder, 'd.yaml'), 'city: { id: other }\n')
    const reading = await loadRegistry(folder, MODELS)
    expect(reading.ok ? [] : reading.faults.map(({ path, file }) => [path, file])).toEqual([
      ['city', join(folder, 'd.yaml')],
    ])
  })

  test('a file that is not there, an empty folder and bytes that are no UTF-8 are faults', async () => {
    const absent = await loadRegistry(join(folder, 'absent.yaml'))
    expect(absent.ok || absent.faults[0]?.message).toContain('ENOENT')
    const empty = await loadRegistry(folder)
    expect(empty.ok || empty.faults[0]?.message).toContain('no *.yaml')
    // "城" in GBK.
    await writeFile(join(folder, 'gbk.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xb3, 0xc7]))
    const gbk = await loadRegistry(join(folder, 'gbk.yaml'))
    expect(gbk.ok || gbk.faults[0]?.message).toContain('UTF-8')
  })
})

describe('faultLines', () => {
  test('a fault is one line with file, line, place, message and remedy', () => {
    const fault = {
      line: 41,
      path: 'devices[3].sensors[0].unit',
      message: '"inches" is no UCUM unit of rain_depth',
      remedy: 'write mm, cm or [in_i]',
    }
    expect(faultLines([fault], 'city.yaml')).toEqual([
      'city.yaml:41 devices[3].sensors[0].unit: "inches" is no UCUM unit of rain_depth → write mm, cm or [in_i]',
    ])
  })

  test('what a file says cannot steer the terminal', () => {
    const lines = faultLines(faultsOf(`"\\e[2J\\n": 1\nformat: "\\e]0;x\\a"\n`), 'city.yaml')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line).not.toMatch(/\p{C}/u)
  })
})

describe('toWgs84', () => {
  // github.com/googollee/eviltransform, go/transform_test.go: WGS 84 and GCJ-02 of three places.
  test.each([
    ['Shanghai', 31.1774276, 121.5272106, 31.17530398364597, 121.531541859215],
    ['Shenzhen', 22.543847, 113.912316, 22.540796131694766, 113.9171764808363],
    ['Beijing', 39.911954, 116.377817, 39.91334545536069, 116.38404722455657],
  ])('GCJ-02 in %s is undone to within 0.2 m', (_, lat, lon, gcjLat, gcjLon) => {
    const found = toWgs84({ lon: gcjLon, lat: gcjLat }, 'GCJ-02')
    // 0.2 m is 1.8e-6 degrees of latitude; a degree of longitude is shorter.
    expect(Math.abs(found.lat - lat)).toBeLessThan(1.8e-6)
    expect(Math.abs(found.lon - lon)).toBeLessThan(1.8e-6)
  })

  test('a position’s own reference counts before the city’s', () => {
    const position = { lon: 116.38404722455657, lat: 39.91334545536069 }
    expect(toWgs84({ ...position, reference: 'WGS84' }, 'GCJ-02')).toEqual(position)
    expect(toWgs84({ ...position, reference: 'GCJ-02' }, 'WGS84').lon).toBeCloseTo(116.377817, 5)
  })

  test('CGCS2000 is taken as WGS 84, and places outside of China are not shifted', () => {
    const berlin = { lon: 13.4, lat: 52.5 }
    expect(toWgs84(berlin, 'CGCS2000')).toEqual(berlin)
    expect(toWgs84(berlin, 'GCJ-02')).toEqual(berlin)
  })
})

/** Paths of all scalars in plain data. */
function leafPaths(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value
    return items.flatMap((item, index) => leafPaths(item, [...path, index]))
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leafPaths(item, [...path, key]))
  }
  return [[...path]]
}
