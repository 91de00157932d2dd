import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { untilProjected, type LedgerTotals } from '../setup/ledger.js'
import { observations, type ServedObservation } from '../setup/observations.js'
import { runCommand } from '../setup/server-process.js'
import { indicatorSchema, rainEventsSchema, replay, withProgram, type StoreKind } from './replay.js'
import {
  FLOW_FILE,
  flowUtcMs,
  HOUR_MS,
  M3S_PER_MGD,
  MM_PER_INCH,
  RAIN_FILE,
  rainUtcMs,
  SEWER_CITY,
  sewerReadings,
  STEP_MS,
  writtenValues,
} from './sewer-records.js'
import { sharedFile } from './shared-data.js'

/** The keeper's figures. */
const RAIN_ROWS = 6_057
const FLOW_ROWS = 7_195
const TOTAL_RAIN_MM = 350.52

const SERIES = ['RG.rain', 'FM.flow', 'FM.velocity', 'FM.depth'] as const
const INDICATORS = [
  'rain-events?subject=RG.rain&minDepthMm=0',
  'storm-runoff-volume?subject=OF',
  'event-runoff-coefficient?subject=OF',
  'measured-capture-ratio?subject=Z',
] as const
const EVENTS = '/events?gauge=RG.rain'

const RAIN = rainSteps()
const FLOW = flowNodes()
/** The time the rain record covers. */
const WINDOW = { fromMs: (RAIN[0]?.endMs ?? 0) - STEP_MS, toMs: RAIN.at(-1)?.endMs ?? 0 }
const IN_WINDOW = `from=${WINDOW.fromMs}&to=${WINDOW.toMs}`
/** Both records. */
const WHOLE = { fromMs: Date.UTC(2008, 1, 16), toMs: Date.UTC(2008, 4, 2) }

interface Answers {
  readonly totals: LedgerTotals
  readonly series: ReadonlyMap<string, readonly ServedObservation[]>
  /** By path. */
  readonly pages: ReadonlyMap<string, unknown>
}

async function answersOf(
  store: StoreKind,
  way: (program: Parameters<Parameters<typeof withProgram>[2]>[0], data: string) => Promise<void>,
): Promise<Answers> {
  const found: Answers[] = []
  await withProgram(store, SEWER_CITY, async (program, data) => {
    await way(program, data)
    const totals = await untilProjected(program)
    const series = new Map<string, readonly ServedObservation[]>()
    for (const id of SERIES) series.set(id, await observations(program, id, WHOLE))
    const pages = new Map<string, unknown>()
    for (const path of [
      `${EVENTS}&${IN_WINDOW}`,
      ...INDICATORS.map((indicator) => `/indicators/${indicator}&${IN_WINDOW}`),
      `/hyetographs?gauge=RG.rain&stepMs=${HOUR_MS}&${IN_WINDOW}`,
      `/hydrographs?sensor=FM.flow&stepMs=${HOUR_MS}&${IN_WINDOW}`,
    ]) {
      pages.set(path, await program.json(path))
    }
    found.push({ totals, series, pages })
  })
  const [answers] = found
  if (answers === undefined) throw new Error('the program was not asked')
  return answers
}

let duckdb: Answers
let influx: Answers

beforeAll(async () => {
  const readings = sewerReadings()
  duckdb = await answersOf('duckdb', (program) => replay(program, readings))
  influx = await answersOf('influx', (program) => replay(program, readings))
})

describe('replayed over MQTT', () => {
  test('every value is stored or a repetition, and none is refused', () => {
    for (const { totals } of [duckdb, influx]) {
      expect(totals).toMatchObject({
        decoded: RAIN_ROWS + 3 * FLOW_ROWS,
        // 02:00 and 03:00 of the night the clocks change are one instant, dry in both rows.
        inserted: RAIN_ROWS - 1 + 3 * FLOW_ROWS,
        duplicate: 1,
        revised: 0,
        refused: 0,
        observationsRefused: 0,
        inFlight: 0,
      })
    }
  })

  test('each value comes back at its time, in the unit of its quantity', () => {
    const rain = duckdb.series.get('RG.rain') ?? []
    expect(rain.map(({ atMs, spanMs }) => [atMs, spanMs])).toEqual(
      RAIN.map(({ endMs }) => [endMs, STEP_MS]),
    )
    for (const [row, { hundredths }] of RAIN.entries()) {
      expect(rain[row]?.value).toBeCloseTo((hundredths / 100) * MM_PER_INCH, 9)
    }
    for (const [id, column, factor] of [
      ['FM.flow', 'flow_mgd', M3S_PER_MGD],
      ['FM.velocity', 'velocity_fps', 0.3048],
      ['FM.depth', 'depth_in', 0.0254],
    ] as const) {
      const written = writtenValues(FLOW_FILE, column)
      const served = duckdb.series.get(id) ?? []
      expect(served.map(({ atMs }) => atMs)).toEqual(
        written.map(({ clockMs }) => flowUtcMs(clockMs)),
      )
      expect(served.length).toBe(FLOW_ROWS)
      for (const [row, { value }] of written.entries()) {
        expect(served[row]?.value).toBeCloseTo(value * factor, 9)
      }
    }
  })

  test('both stores answer the same, to the last digit', () => {
    expect(duckdb.pages.size).toBe(3 + INDICATORS.length)
    for (const [path, page] of duckdb.pages) {
      expect(JSON.stringify(influx.pages.get(path)), path).toBe(JSON.stringify(page))
    }
    for (const [id, values] of duckdb.series) expect(influx.series.get(id), id).toEqual(values)
  })
})

describe('rain', () => {
  test('the total is the keeper’s 13.80 in, and all of it lies in events', () => {
    expect(RAIN.reduce((sum, { hundredths }) => sum + hundredths, 0)).toBe(1_380)
    const { parts } = indicator('rain-events')
    expect(partOf(parts, 'depth-of-record')).toBe(TOTAL_RAIN_MM)
    expect(partOf(parts, 'depth-of-events')).toBe(TOTAL_RAIN_MM)
  })

  test('the events are those of a plain loop over the file', () => {
    const expected = plainEvents(6 * HOUR_MS)
    expect(expected.length).toBeGreaterThan(20)
    const served = rainEventsSchema.parse(duckdb.pages.get(`${EVENTS}&${IN_WINDOW}`)).items
    expect(served.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(
      expected.map(({ fromMs, toMs }) => [fromMs, toMs]),
    )
    for (const [position, event] of expected.entries()) {
      const depthMm = (event.hundredths / 100) * MM_PER_INCH
      const hours = (event.toMs - event.fromMs) / HOUR_MS
      const found = served[position]
      expect(found?.depthMm).toBeCloseTo(depthMm, 9)
      expect(found?.durationMs).toBe(event.toMs - event.fromMs)
      expect(found?.meanIntensityMmH).toBeCloseTo(depthMm / hours, 9)
      expect(found?.peak60MmH).toBeCloseTo((event.most4 / 100) * MM_PER_INCH, 9)
      expect(found?.peak30MmH).toBeCloseTo((event.most2 / 100) * MM_PER_INCH * 2, 9)
      // Nobody can tell five minutes from quarters of an hour.
      expect(found?.peak5MmH).toBeNull()
      const before = expected[position - 1]
      expect(found?.antecedentDryMs).toBe(before === undefined ? null : event.fromMs - before.toMs)
      expect(found?.coverage).toBe(1)
    }
  })

  test('the hour that the clock jumped over is no gap in time', () => {
    const ends = RAIN.map(({ endMs }) => endMs)
    expect(ends.every((endMs, row) => row === 0 || endMs - (ends[row - 1] ?? 0) === STEP_MS)).toBe(
      true,
    )
    const page = duckdb.pages.get(`/hyetographs?gauge=RG.rain&stepMs=${HOUR_MS}&${IN_WINDOW}`)
    const { coverage, fromMs } = z
      .object({ coverage: z.array(z.number()), fromMs: z.array(z.number()) })
      .parse(page)
    const change = fromMs.indexOf(Date.UTC(2008, 2, 9, 7))
    expect(coverage.slice(change - 2, change + 3)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('flow', () => {
  test('the volume of each storm is that of a plain trapezoid loop over the file', () => {
    const { table, parts, value } = indicator('storm-runoff-volume')
    const storms = plainEvents(6 * HOUR_MS).filter(({ hundredths }) => hundredths * 0.254 > 2)
    expect(table.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(
      storms.map(({ fromMs, toMs }) => [fromMs, toMs]),
    )
    let total = 0
    let compared = 0
    for (const [position, storm] of storms.entries()) {
      const row = table[position]
      const nextMs = storms[position + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      const runoff = plainRunoff(storm, nextMs)
      expect(row?.['runoffToMs'], String(position)).toBe(runoff.toMs)
      expect(row?.['use'], String(position)).toBe('used')
      expect(row?.['baseFlowM3s']).toBe(0)
      expect(Number(row?.['volumeM3']) / runoff.volumeM3).toBeCloseTo(1, 9)
      expect(Number(row?.['peakM3s'])).toBeCloseTo(runoff.peakM3s, 9)
      total += runoff.volumeM3
      compared++
    }
    expect(compared).toBeGreaterThan(10)
    expect((value ?? 0) / total).toBeCloseTo(1, 9)
    // A square kilometre: a millimetre is a thousand cubic metres.
    const depthMm = storms.reduce((sum, { hundredths }) => sum + hundredths * 0.254, 0)
    expect(partOf(parts, 'rain-volume')).toBeCloseTo(depthMm * 1_000, 6)
  })

  test('the interruption of 10 March is shown as a gap', () => {
    // 11:15 in winter time to 12:45 in summer time: half an hour, longer than is bridged.
    const page = duckdb.pages.get(`/hydrographs?sensor=FM.flow&stepMs=${HOUR_MS}&${IN_WINDOW}`)
    const { coverage, fromMs } = z
      .object({ coverage: z.array(z.number()), fromMs: z.array(z.number()) })
      .parse(page)
    const gap = fromMs.indexOf(Date.UTC(2008, 2, 10, 16))
    expect(coverage[gap]).toBe(0.75)
    expect(coverage.filter((share) => share < 1).length).toBe(1)
  })
})

describe('imported with their mappings', () => {
  test('both files give what their replay over MQTT gives, value by value', async () => {
    const imported = await answersOf('duckdb', async (_program, data) => {
      for (const [file, mapping, values] of [
        [RAIN_FILE, 'sewer-rain.mapping.yaml', RAIN_ROWS],
        [FLOW_FILE, 'sewer-flow.mapping.yaml', 3 * FLOW_ROWS],
      ] as const) {
        const map = resolve('test/real', mapping)
        const ended = await runCommand(process.execPath, [
          ...['dist/src/app/main.js', 'import', sharedFile(file), '--map', map],
          ...['--data', data, '--json'],
        ])
        expect(ended.code, ended.stderr).toBe(0)
        expect(JSON.parse(ended.stdout)).toMatchObject({ sent: values, faultyLines: 0 })
      }
    })
    expect(imported.totals).toEqual({ ...duckdb.totals, received: imported.totals.received })
    for (const id of SERIES) {
      const values = imported.series.get(id) ?? []
      expect(values.length).toBeGreaterThan(6_000)
      expect(values.every(({ origin }) => origin === 'imported')).toBe(true)
      const measured = duckdb.series.get(id) ?? []
      expect(values).toEqual(measured.map((value) => ({ ...value, origin: 'imported' })))
    }
    const events = `${EVENTS}&${IN_WINDOW}`
    expect(imported.pages.get(events)).toEqual(duckdb.pages.get(events))
  })
})

interface RainStep {
  readonly endMs: number
  /** Whole hundredths of an inch, so that sums are exact. */
  readonly hundredths: number
}

/** Rain by instant; the rows of one instant must agree. */
function rainSteps(): readonly RainStep[] {
  const byEnd = new Map<number, number>()
  for (const { clockMs, value } of writtenValues(RAIN_FILE, 'rain_in')) {
    const endMs = rainUtcMs(clockMs)
    const hundredths = Math.round(value * 100)
    if ((byEnd.get(endMs) ?? hundredths) !== hundredths) throw new Error(`two values at ${endMs}`)
    byEnd.set(endMs, hundredths)
  }
  return [...byEnd].map(([endMs, hundredths]) => ({ endMs, hundredths }))
}

function flowNodes(): readonly { readonly atMs: number; readonly m3s: number }[] {
  return writtenValues(FLOW_FILE, 'flow_mgd').map(({ clockMs, value }) => ({
    atMs: flowUtcMs(clockMs),
    m3s: value * M3S_PER_MGD,
  }))
}

interface PlainEvent {
  readonly fromMs: number
  readonly toMs: number
  readonly hundredths: number
  /** Greatest sums of 2 and 4 neighbouring quarters of an hour within the event, hundredths. */
  readonly most2: number
  readonly most4: number
}

/** A dry spell of at least the inter-event time ends an event. */
function plainEvents(interEventMs: number): PlainEvent[] {
  const groups: RainStep[][] = []
  let wetEndMs = Number.NEGATIVE_INFINITY
  for (const step of RAIN) {
    if (step.hundredths === 0) continue
    if (step.endMs - STEP_MS - wetEndMs >= interEventMs) groups.push([])
    groups.at(-1)?.push(step)
    wetEndMs = step.endMs
  }
  return groups.map((group) => {
    const most = (steps: number): number =>
      Math.max(
        ...group.map(({ endMs }) =>
          group
            .filter((other) => other.endMs <= endMs && other.endMs > endMs - steps * STEP_MS)
            .reduce((sum, { hundredths }) => sum + hundredths, 0),
        ),
      )
    return {
      fromMs: (group[0]?.endMs ?? 0) - STEP_MS,
      toMs: group.at(-1)?.endMs ?? 0,
      hundredths: group.reduce((sum, { hundredths }) => sum + hundredths, 0),
      most2: most(2),
      most4: most(4),
    }
  })
}

/**
 * The indicator's rule, without base flow: from the start of the rain until, after rain and peak,
 * the flow is below 5 % of the peak; at the latest until the next event or 24 h after the rain.
 * Readings are a quarter of an hour apart, and so are the edges of all windows.
 */
function plainRunoff(
  storm: PlainEvent,
  nextMs: number,
): { toMs: number; volumeM3: number; peakM3s: number } {
  const latestMs = Math.min(nextMs, storm.toMs + 24 * HOUR_MS)
  const within = FLOW.filter(({ atMs }) => atMs >= storm.fromMs && atMs <= latestMs)
  const peak = within.reduce((most, node) => (node.m3s > most.m3s ? node : most))
  const over = within.find(
    ({ atMs, m3s }) => atMs >= peak.atMs && atMs >= storm.toMs && m3s < 0.05 * peak.m3s,
  )
  const toMs = Math.min(over?.atMs ?? latestMs, latestMs)
  let volumeM3 = 0
  let before: { atMs: number; m3s: number } | undefined
  for (const node of within) {
    if (node.atMs > toMs) break
    if (before !== undefined) {
      const seconds = (node.atMs - before.atMs) / 1_000
      if (seconds !== 900) throw new Error(`the record is interrupted at ${node.atMs}`)
      volumeM3 += ((before.m3s + node.m3s) / 2) * seconds
    }
    before = node
  }
  return { toMs, volumeM3, peakM3s: peak.m3s }
}

function indicator(name: string): z.output<typeof indicatorSchema> {
  const path = [...duckdb.pages.keys()].find((one) => one.startsWith(`/indicators/${name}?`))
  return indicatorSchema.parse(duckdb.pages.get(path ?? ''))
}

function partOf(parts: z.output<typeof indicatorSchema>['parts'], name: string): number {
  return parts.find((part) => part.name === name)?.value ?? Number.NaN
}
