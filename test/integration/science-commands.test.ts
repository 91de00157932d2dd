import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, type CommandResult } from '../setup/server-process.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder, type TemporaryFolder } from '../setup/temp-folder.js'

let folder: TemporaryFolder

beforeAll(async () => {
  folder = await temporaryFolder('science')
})

afterAll(async () => {
  await folder.remove()
})

async function rainledger(...args: readonly string[]): Promise<CommandResult> {
  return await runCommand(process.execPath, ['dist/src/app/main.js', ...args])
}

/** Writes a CSV file and returns its path. */
async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder.path, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

const START_MS = Date.parse('2026-06-01T00:00:00Z')

/** One row a step: `HH:MM` counted from the start, as the file writes it. */
function rows(header: string, stepMin: number, values: readonly (number | string)[]): string[] {
  return [
    header,
    ...values.map((value, i) => {
      const at = new Date(START_MS + (i + 1) * stepMin * 60_000).toISOString().slice(0, 19)
      return `${at}Z,${value}`
    }),
  ]
}

const numbers = (count: number, value: number): number[] =>
  Array.from({ length: count }, () => value)

test('storm prints the steps of standards sheet 6.6 and the document behind them', async () => {
  const ended = await rainledger(
    ...['storm', '--formula', 'shanghai', '--period', '3', '--duration', '120'],
    ...['--peak', '0.405', '--step', '5', '--json'],
  )
  expect(ended.code).toBe(0)
  const storm = z
    .object({
      depthMm: z.number(),
      form: z.string(),
      formula: z.object({ document: z.string(), unverified: z.boolean() }),
      steps: z.array(
        z.strictObject({ fromMin: z.number(), toMin: z.number(), depthMm: z.number() }),
      ),
    })
    .parse(JSON.parse(ended.stdout))
  expect(storm.depthMm).toBeCloseTo(67.258, 3)
  expect(storm).toMatchObject({
    form: 'general',
    formula: { document: 'DB31/T 1043-2017', unverified: true },
  })
  expect(storm.steps.length).toBe(24)
  expect(storm.steps[9]).toMatchObject({ fromMin: 45, toMin: 50 })
  expect(storm.steps[9]?.depthMm).toBeCloseTo(12.233, 3)
})

test('storm and return-period name what is wrong and what would be right', async () => {
  const unknown = await rainledger('storm', '--formula', 'atlantis')
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('--formula atlantis')
  expect(unknown.stderr).toContain('shanghai')
  const rows7 = await rainledger('storm', '--formula', 'shenzhen-shenshan', '--period', '7')
  expect(rows7.code).toBe(2)
  expect(rows7.stderr).toContain('it has 5, 20 years')
  const neither = await rainledger('return-period', '--formula', 'shanghai')
  expect(neither.code).toBe(2)
  expect(neither.stderr).toContain('either a file or --depth')
  const own = await file('own.yaml', [
    'format: 1',
    'qPerMmMin: 167',
    'qPerMmMinSource: s',
    'sources: {}',
    'formulas: []',
  ])
  const empty = await rainledger('storm', '--list', '--formulas', own)
  expect(empty.code).toBe(2)
  expect(empty.stderr).toContain('formulas')
})

const returnPeriodSchema = z.object({
  durations: z.array(
    z.object({
      durationMin: z.number(),
      depthMm: z.number(),
      periodYears: z.number(),
      bound: z.string(),
    }),
  ),
  headline: z.object({ at60: z.object({ periodYears: z.number() }).nullable() }),
  leftOutMin: z.array(z.number()),
})

test('return-period of a depth is that of standards sheet 6.7', async () => {
  const ended = await rainledger(
    ...['return-period', '--formula', 'shanghai', '--depth', '58.1', '--duration', '60', '--json'],
  )
  const { durations } = returnPeriodSchema.parse(JSON.parse(ended.stdout))
  expect(durations[0]?.periodYears).toBeCloseTo(5.04, 2)
})

test('return-period of a file takes the greatest depth of each duration, corrected when asked', async () => {
  // 58.1 mm in an hour of twelve equal steps, then dry.
  const path = await file(
    'storm.csv',
    rows('time,rain_mm', 5, [...numbers(12, 58.1 / 12), 0, 0, ...numbers(20, 0)]),
  )
  const plain = await rainledger('return-period', path, '--formula', 'shanghai', '--json')
  const found = returnPeriodSchema.parse(JSON.parse(plain.stdout))
  expect(found.headline.at60?.periodYears).toBeCloseTo(5.04, 2)
  // Of 5-minute steps a duration of 5 min has only one.
  expect(found.leftOutMin).toEqual([5])
  expect(found.durations.find(({ durationMin }) => durationMin === 30)?.depthMm).toBeCloseTo(
    29.05,
    8,
  )
  const weiss = await rainledger(
    'return-period',
    path,
    '--formula',
    'shanghai',
    '--weiss',
    '--json',
  )
  const corrected = returnPeriodSchema.parse(JSON.parse(weiss.stdout))
  const hour = corrected.durations.find(({ durationMin }) => durationMin === 60)
  expect(hour?.depthMm).toBeCloseTo((58.1 * 12) / (12 - 0.125), 7)
})

const rainEventsSchema = z.object({
  about: z.object({ unit: z.string(), unitFrom: z.string(), absent: z.string() }),
  totalMm: z.number(),
  events: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      depthMm: z.number(),
      max60Mm: z.number().nullable(),
      antecedentDryH: z.number().nullable(),
      state: z.string(),
    }),
  ),
  leftOut: z.object({ events: z.int(), depthMm: z.number() }),
  sensitivity: z.array(z.object({ mitH: z.number(), events: z.int() })),
  depths: z.array(z.object({ durationMin: z.number(), depthMm: z.number().nullable() })),
  days: z.array(z.object({ date: z.string(), depthMm: z.number(), grade: z.string().nullable() })),
})

test('rain-events splits at the inter-event time, shows its effect, and grades the days', async () => {
  // Rain at 12–13 h and, after 5 h dry, at 18–19 h UTC; a drizzle 8 h after that.
  const hourly = [
    ...numbers(12, 0),
    24,
    ...numbers(5, 0),
    12,
    ...numbers(8, 0),
    0.4,
    ...numbers(20, 0),
  ]
  const path = await file('rain.csv', rows('time,rain_mm', 60, hourly))
  const ended = await rainledger('rain-events', path, '--mit', '6h', '--min-depth', '1', '--json')
  expect(ended.code).toBe(0)
  const found = rainEventsSchema.parse(JSON.parse(ended.stdout))
  expect(found.about).toMatchObject({ unit: 'mm', unitFrom: 'column name', absent: 'missing' })
  expect(found.totalMm).toBeCloseTo(36.4, 9)
  expect(found.events.map(({ from, to, depthMm }) => [from, to, depthMm])).toEqual([
    ['2026-06-01T12:00:00.000Z', '2026-06-01T19:00:00.000Z', 36],
  ])
  expect(found.leftOut).toEqual({ events: 1, depthMm: 0.4 })
  expect(found.sensitivity).toEqual([
    { mitH: 2, events: 2 },
    { mitH: 6, events: 1 },
    { mitH: 12, events: 1 },
  ])
  expect(found.depths.find(({ durationMin }) => durationMin === 60)?.depthMm).toBe(24)
  expect(found.depths.find(({ durationMin }) => durationMin === 5)?.depthMm).toBeNull()
  // Local days of Shanghai, eight hours ahead: 20–21 h of the first, 2–3 h of the second.
  expect(found.days.map(({ date, depthMm, grade }) => [date, depthMm, grade])).toEqual([
    ['2026-06-01', 24, 'moderate'],
    ['2026-06-02', 12.4, 'moderate'],
    ['2026-06-03', 0, null],
  ])
  // Hydrological days begin at 8 h local, midnight UTC; meteorological ones at 20 h, named by their end.
  const days = async (kind: string) => {
    const one = await rainledger('rain-events', path, '--day', kind, '--json')
    return rainEventsSchema.parse(JSON.parse(one.stdout)).days.map((day) => [day.date, day.depthMm])
  }
  expect(await days('hydrological')).toEqual([
    ['2026-06-01', 36],
    ['2026-06-02', 0.4],
  ])
  expect(await days('meteorological')).toEqual([
    ['2026-06-01', 0],
    ['2026-06-02', 36.4],
    ['2026-06-03', 0],
  ])
})

test('a file that lists rain only is dry between its rows; one in inches says so', async () => {
  const path = await file('wet.csv', [
    'time,rain_in',
    '2026-06-01T00:15:00Z,0.10',
    '2026-06-01T00:30:00Z,0.10',
    '2026-06-01T09:00:00Z,0.05',
  ])
  const ended = await rainledger('rain-events', path, '--step', '15m', '--json')
  const found = rainEventsSchema.parse(JSON.parse(ended.stdout))
  expect(found.about).toMatchObject({ unit: '[in_i]', absent: 'dry' })
  expect(found.events.map(({ depthMm }) => depthMm)).toEqual([5.08, 1.27])
  expect(found.events[1]?.antecedentDryH).toBe(8.25)
})

test('what is wrong with a file is told with its line, all at once', async () => {
  const path = await file('faulty.csv', [
    'time,rain_mm',
    '2026-06-01T00:05:00Z,wet',
    '2026-06-01 00:10:00,1',
    '2026-06-01T00:15:00Z,1',
    '2026-06-01T00:15:00Z,2',
    '2026-06-01T00:20:00Z,3',
  ])
  const ended = await rainledger('rain-events', path, '--json')
  expect(ended.code).toBe(2)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toContain('faulty.csv:2 rain_mm: "wet" is no number')
  expect(ended.stderr).toContain('faulty.csv:3 time: "2026-06-01 00:10:00" has no offset')
  expect(ended.stderr).toContain('two different values at 2026-06-01T00:15:00.000Z')
  expect((await rainledger('rain-events', join(folder.path, 'none.csv'))).code).toBe(2)
  const zone = await rainledger('rain-events', path, '--skip-faulty', '--day-zone', 'Mars/Base')
  expect(zone).toMatchObject({ code: 2, stdout: '' })
  expect(zone.stderr).toContain('--day-zone takes a time zone such as Asia/Shanghai')
})

test('a value that no instrument measures is named, and left out it is missing, never dry', async () => {
  // 1 + 3 mm in steps of 5 min; the step between says -5 mm, that after them 1e300 mm.
  const path = await file('impossible.csv', rows('time,depth_mm', 5, [1, -5, 3, 1e300]))
  for (const command of [['rain-events'], ['return-period', '--formula', 'shanghai']]) {
    const ended = await rainledger(...command, path)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(
      'depth_mm: -5 at 2026-06-01T00:10:00.000Z is no rain depth, 0 to',
    )
    expect(ended.stderr).toContain('depth_mm: 1e+300 at 2026-06-01T00:20:00.000Z')
  }
  const skipped = await rainledger('rain-events', path, '--skip-faulty', '--json')
  expect(skipped.code).toBe(0)
  expect(JSON.parse(skipped.stdout)).toMatchObject({
    ...{ about: { rows: 4, missing: 2, faultyLines: 2 }, totalMm: 4, coverage: 0.5 },
  })
  // 2 and 3 mm at one time contradict each other, "wet" is no depth: 1 and 4 mm are known, the time between not.
  const told = await file('told.csv', [
    ...rows('time,depth_mm', 5, [1, 'wet', 2, 4]),
    '2026-06-01T00:15:00Z,3',
  ])
  const left = await rainledger('rain-events', told, '--skip-faulty', '--json')
  expect(JSON.parse(left.stdout)).toMatchObject({
    ...{ about: { rows: 4, missing: 2, faultyLines: 2, stepMin: 5 }, totalMm: 5, coverage: 0.5 },
  })
  const flows = await file('flood.csv', rows('time,flow_lps', 5, [1, 1e300, 3]))
  expect(await rainledger('overflow', flows)).toMatchObject({ code: 2, stdout: '' })
})

test('a default stands in the help as it would be written', async () => {
  const { stdout } = await rainledger('runoff', '--help')
  for (const word of ['6h', '15m', '24h', 'antecedent:3']) expect(stdout).toContain(` ${word})`)
})

test('ponding takes its rule as flags and judges both sides of 15 cm', async () => {
  const depths = (most: number) => [0, 0, 40, most, most, most, most, most, 40, ...numbers(15, 0)]
  const pondings = z.object({
    events: z.array(
      z.object({
        maxMm: z.number(),
        onsetMin: z.number(),
        drainMin: z.number(),
        durationMin: z.number(),
        rain: z.string().nullable(),
        recessionMin: z.number().nullable(),
        tooDeep: z.boolean(),
        tooLong: z.boolean().nullable(),
      }),
    ),
  })
  const just = await file('just.csv', rows('time,depth_mm', 1, depths(150)))
  const deeper = await file('deeper.csv', rows('time,depth_mm', 1, depths(151)))
  const good = await rainledger('ponding', just, '--json')
  expect(good.code).toBe(0)
  expect(pondings.parse(JSON.parse(good.stdout)).events).toEqual([
    {
      maxMm: 150,
      onsetMin: 1,
      drainMin: 6,
      durationMin: 7,
      rain: null,
      recessionMin: null,
      tooDeep: false,
      tooLong: null,
    },
  ])
  const bad = await rainledger('ponding', deeper, '--json')
  expect(bad.code).toBe(1)
  expect(pondings.parse(JSON.parse(bad.stdout)).events[0]?.tooDeep).toBe(true)
  // A threshold above all of it leaves nothing; five minutes of rain at the start end before the ponding does.
  const none = await rainledger('ponding', deeper, '--threshold', '200', '--json')
  expect(pondings.parse(JSON.parse(none.stdout)).events).toEqual([])
  const rain = await file('gauge.csv', rows('time,rain_mm', 5, [6, ...numbers(20, 0)]))
  const both = await rainledger(
    'ponding',
    just,
    '--rain',
    rain,
    '--recession-limit',
    '3m',
    '--json',
  )
  expect(both.code).toBe(1)
  // Below the threshold from 00:10, the rain's end is 00:05.
  expect(pondings.parse(JSON.parse(both.stdout)).events[0]).toMatchObject({
    rain: 'rain',
    recessionMin: 5,
    tooLong: true,
  })
})

test('runoff gives the coefficient of standards sheet 7.2, and marks what is not plausible', async () => {
  // 18 mm on 1.2 hm² and 120 m³ of runoff: a triangle of two hours, its peak of 1/30 m³/s.
  const rain = await file(
    'r.csv',
    rows('time,rain_mm', 60, [...numbers(4, 0), 18, ...numbers(19, 0)]),
  )
  const triangle = (peak: number) => [...numbers(5, 0), peak, ...numbers(18, 0)].map((q) => q / 30)
  const flow = await file('q.csv', rows('time,flow_m3s', 60, triangle(1)))
  const totals = z.object({
    events: z.array(
      z.object({ coefficient: z.number().nullable(), use: z.string(), lagMin: z.number() }),
    ),
    totals: z.object({ volumeM3: z.number(), coefficient: z.number(), controlRatio: z.number() }),
  })
  const args = ['--area-m2', '12000', '--json', '--rain', rain]
  const ended = await rainledger('runoff', '--flow', flow, ...args)
  expect(ended.code).toBe(0)
  const answer = totals.parse(JSON.parse(ended.stdout))
  expect(answer.totals.volumeM3).toBeCloseTo(120, 9)
  expect(answer.totals.coefficient).toBeCloseTo(0.556, 3)
  expect(answer.totals.controlRatio).toBeCloseTo(0.444, 3)
  // The rain begins at 4 h, the peak is read at 6 h.
  expect(answer.events[0]).toMatchObject({ use: 'used', lagMin: 120 })
  const flood = await file('flood.csv', rows('time,flow_m3s', 60, triangle(2)))
  const more = await rainledger('runoff', '--flow', flood, ...args)
  expect(more.code).toBe(1)
  expect(more.stdout).toContain('external inflow')
  const unit = await rainledger('runoff', '--flow', flow, '--flow-unit', 'mm', ...args)
  expect(unit.code).toBe(2)
  expect(unit.stderr).toContain('mm is no unit of flow')
})

test('runoff takes off what came in from upstream, a travel time earlier', async () => {
  const rain = await file(
    'up-r.csv',
    rows('time,rain_mm', 60, [...numbers(4, 0), 18, ...numbers(19, 0)]),
  )
  const flow = [...numbers(5, 0), 1 / 30, ...numbers(18, 0)]
  const out = await file('up-q.csv', rows('time,flow_m3s', 60, flow))
  // A quarter of it, an hour before: 30 of the 120 m³.
  const inlet = await file(
    'inlet.csv',
    rows(
      'time,flow_m3s',
      60,
      flow.map((_, i) => (flow[i + 1] ?? 0) / 4),
    ),
  )
  const args = ['--area-m2', '12000', '--json', '--rain', rain, '--flow', out]
  const ended = await rainledger('runoff', ...args, '--upstream', `${inlet}@1h`)
  const answer = z.object({
    upstream: z.array(z.object({ travelMin: z.number(), rows: z.number() })),
    events: z.array(z.object({ volumeM3: z.number(), upstreamM3: z.array(z.number()) })),
    totals: z.object({ coefficient: z.number() }),
  })
  const found = answer.parse(JSON.parse(ended.stdout))
  expect(found.upstream).toEqual([{ travelMin: 60, rows: 24 }])
  expect(found.events[0]?.volumeM3).toBeCloseTo(90, 9)
  expect(found.events[0]?.upstreamM3[0]).toBeCloseTo(30, 9)
  expect(found.totals.coefficient).toBeCloseTo(90 / 216, 9)
  const wrong = await rainledger('runoff', ...args, '--upstream', inlet)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('--upstream takes FILE@TRAVEL')
})

test('runoff gives the load and mean concentration of standards sheet 7.4 from turbidity', async () => {
  const rain = await file('ss-r.csv', rows('time,rain_mm', 5, [0, 6, ...numbers(20, 0)]))
  const flows = [0, 0, 20, 60, 40, 10, ...numbers(16, 0)]
  const out = await file('ss-q.csv', rows('time,flow_lps', 5, flows))
  // Solids are twice the turbidity, exactly, so that 180 mg/L are 90 NTU.
  const ntu = [0, 0, 90, 120, 60, 30, ...numbers(16, 0)]
  const turbidity = await file('ss-t.csv', rows('time,turbidity', 5, ntu))
  const pairs = Array.from({ length: 21 }, (_, i) => `${i + 5},${2 * (i + 5)},E${i % 3}`)
  const samples = await file('pairs.csv', ['turbidity_ntu,ss_mg_l,event', ...pairs])
  const args = ['--area-m2', '12000', '--rain', rain, '--flow', out, '--base-flow', 'none']
  const ended = await rainledger(
    ...['runoff', ...args, '--peak-share', '0', '--max-recession', '25m', '--json'],
    ...['--turbidity', turbidity, '--samples', samples],
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const answer = z.object({
    regression: z.object({ k: z.number(), smearing: z.number(), rSquared: z.number() }),
    events: z.array(
      z.object({
        volumeM3: z.number(),
        solids: z.object({ massKg: z.number(), emcMgL: z.number(), beyondSampled: z.number() }),
      }),
    ),
  })
  const { regression, events } = answer.parse(JSON.parse(ended.stdout))
  expect(regression.k).toBeCloseTo(1, 9)
  expect(regression.smearing).toBeCloseTo(1, 9)
  expect(events[0]?.volumeM3).toBeCloseTo(39, 9)
  expect(events[0]?.solids.massKg).toBeCloseTo(7.02, 9)
  expect(events[0]?.solids.emcMgL).toBeCloseTo(180, 6)
  expect(events[0]?.solids.beyondSampled).toBeGreaterThan(0)

  const few = await file('few.csv', ['turbidity_ntu,ss_mg_l,event', ...pairs.slice(2)])
  const refused = await rainledger(
    ...['runoff', ...args, '--turbidity', turbidity, '--samples', few],
  )
  expect(refused.code).toBe(2)
  expect(refused.stderr).toContain('19 pairs make no regression (too-few-pairs): 20 pairs')
})

test('overflow counts events apart by the separation, by flow and by a weir', async () => {
  const answer = z.object({
    events: z.array(z.object({ volumeM3: z.number(), peakM3s: z.number(), state: z.string() })),
    totals: z.object({ events: z.int(), volumeM3: z.number(), eventsPerYear: z.null() }),
    control: z.object({ ratio: z.null(), meets: z.null() }).nullable(),
  })
  // Hourly 0, 0.1, 0.1, 0 m³/s: a trapezium of 720 m³; again after five dry hours, and after seven.
  const storm = [0.1, 0.1]
  const flows = [0, ...storm, ...numbers(6, 0), ...storm, ...numbers(8, 0), ...storm, 0]
  const path = await file('cso.csv', rows('time,flow_m3s', 60, flows))
  const ended = await rainledger(...['overflow', path, '--json', '--without-measures-m3', '9000'])
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const found = answer.parse(JSON.parse(ended.stdout))
  expect(found.events.map(({ volumeM3 }) => volumeM3)).toEqual([1440, 720])
  // Hours are no year: neither a frequency nor a ratio is told.
  expect(found.control).toEqual({ ratio: null, meets: null })

  // 0.36·2.5·√(2·9.80665)·1^1.5 = 3.985821 m³/s at a metre above the crest.
  const levels = await file('chamber.csv', rows('time,level_m', 60, [3, 4.42, 3]))
  const weir = await rainledger('overflow', levels, '--weir', '3.42:2.5:0.36', '--json')
  const [over] = answer.parse(JSON.parse(weir.stdout)).events
  expect(over?.peakM3s).toBeCloseTo(3.985821, 6)
  expect(over?.volumeM3).toBeCloseTo(3.985821 * 3600, 1)
  const wrong = await rainledger('overflow', levels, '--weir', '3.42:2.5')
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('crest:width:coefficient')
})

test('design-rain refuses a day twice, a depth below zero and too few years', async () => {
  const path = await file('daily.csv', [
    'date,prcp_mm',
    '2001-01-01,3',
    '2001-01-01,4',
    '2001-02-30,1',
    '2001-03-01,-1',
  ])
  const ended = await rainledger('design-rain', path, '--from', '1991', '--to', '2020')
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('daily.csv:3 date: 2001-01-01 stands in line 2 already')
  expect(ended.stderr).toContain('daily.csv:4 date: "2001-02-30" is no date')
  expect(ended.stderr).toContain('daily.csv:5 prcp_mm: "-1" is no depth of a day')
  const short = await file('short.csv', ['date,prcp_mm', '2001-01-01,3'])
  const few = await rainledger('design-rain', short, '--from', '2001', '--to', '2020')
  expect(few.code).toBe(2)
  expect(few.stderr).toContain('20 years')
})

test('city weights shares catchments between gauges by their outlines', async () => {
  const sensor = (device: string) => ({
    ...{ device, field: 'rain', quantity: 'rain_depth', unit: 'mm' },
    ...{ kind: '{ type: increment }', reporting: '{ type: periodic, intervalS: 60 }' },
  })
  const catchment = (id: string, outline: string) =>
    `  - { id: ${id}, name: { zh: 汇, en: C }, zone: Z, area: { m2: 1, provenance: { document: d } }, gauges: [{ sensor: A.rain, weight: 1 }]${outline} }`
  const text = smallCity({
    sensors: [sensor('A'), sensor('B')],
    more: [
      'catchments:',
      // From 113.995 to 114.015 E: the bisector between 114.0 and 114.01 leaves half to each.
      catchment(
        'C',
        ', outline: [[113.995, 29.99], [114.015, 29.99], [114.015, 30.01], [113.995, 30.01]]',
      ),
      catchment('NONE', ''),
    ].join('\n'),
  })
    .replace(
      'devices:',
      '  - { id: ST2, name: { zh: 站, en: S }, position: { lon: 114.01, lat: 30 } }\ndevices:',
    )
    .replace('id: B\n    station: ST', 'id: B\n    station: ST2')
  const path = await file('city.yaml', text.split('\n'))
  const ended = await rainledger('city', 'weights', path, '--json')
  expect(ended.code).toBe(0)
  const { catchments } = JSON.parse(ended.stdout) as {
    catchments: { catchment: string; gauges: { sensor: string; weight: number }[] | null }[]
  }
  const shares = new Map(catchments[0]?.gauges?.map(({ sensor: id, weight }) => [id, weight]))
  expect(shares.get('A.rain')).toBeCloseTo(0.5, 3)
  expect(shares.get('B.rain')).toBeCloseTo(0.5, 3)
  expect(catchments[1]).toEqual({ catchment: 'NONE', gauges: null })
})
