import type { SeriesId } from '../observation.js'
import type { RegistryIndex } from '../city/registry-index.js'
import type { Sensor } from '../city/registry.js'
import { greatCircleM } from '../great-circle.js'
import type { LocalTime } from '../local-time.js'
import { SECOND_MS } from '../time.js'
import { RECORD_TESTS } from './catalogue.js'
import { markedFlags, NO_MARKS, type Mark, type Marks } from './mark.js'
import { qualityFlags, type QualityFlags } from './quality-flags.js'
import { NO_CONTEXT, type Context, type NeighbourRecord } from './quality-record.js'
import { qualitySettings, type QualitySettings } from './quality-settings.js'
import { recordFlags } from './record-flags.js'

/** The current values of one series, ascending by time, each time once; NaN where missing. */
export interface CurrentValues {
  readonly atMs: Float64Array
  readonly values: Float64Array
}

/** How the values of one series are judged: a pure function of current values, whatever came when. */
export interface SeriesJudge {
  /** What around a value decides its flag, all tests together. */
  readonly context: Context
  /** Other series that are looked at too, as far back and ahead as the context in time reaches. */
  readonly neighbours: readonly SeriesId[]
  /**
   * @param record any part of the series; flags are right where it holds the context
   * @param neighbours one per `neighbours`, over the same time
   */
  readonly judge: (record: CurrentValues, neighbours: readonly CurrentValues[]) => QualityFlags
  /** What can be said of values without their neighbours: of those that are superseded. */
  readonly alone: (values: Float64Array) => QualityFlags
}

export type SeriesJudges = ReadonlyMap<SeriesId, SeriesJudge>

/**
 * Gauges this near are held against each other where the registry names none: the distance within
 * which rain gaps are filled from other gauges (Rainledger's own default, recommended: no rule
 * fixes it).
 */
const NEIGHBOUR_WITHIN_M = 5_000

/**
 * The judges of a city's series. A series whose sensor has no test that looks beyond the value, and on
 * which no person has a mark, has none: its values are judged as they come in (quality-flags.ts).
 *
 * No location test: the registry knows where a station stands, and no device sends its place.
 *
 * @param time of the city, for the days of seasons
 */
export function seriesJudges(
  city: Pick<RegistryIndex, 'sensors' | 'stations'>,
  time: LocalTime,
  marks: Marks = NO_MARKS,
): SeriesJudges {
  const judges = new Map<SeriesId, SeriesJudge>()
  for (const [id, { sensor }] of city.sensors) {
    const settings = qualitySettings(sensor)
    const contexts = RECORD_TESTS.flatMap(({ context }) => context(settings) ?? [])
    const marked = marks.get(id)
    if (contexts.length === 0 && marked === undefined) continue
    const context = contexts.reduce(widest, NO_CONTEXT)
    const judge = seriesJudge(sensor, settings, context, city, time)
    judges.set(id, marked === undefined ? judge : withMarks(judge, marked))
  }
  return judges
}

/** Superseded values keep what the tests say of them: a mark is on what stands at a time. */
function withMarks(judge: SeriesJudge, marks: readonly Mark[]): SeriesJudge {
  return {
    ...judge,
    judge: (record, neighbours) => markedFlags(judge.judge(record, neighbours), record.atMs, marks),
  }
}

function seriesJudge(
  sensor: Sensor,
  settings: QualitySettings,
  context: Context,
  city: Pick<RegistryIndex, 'sensors' | 'stations'>,
  time: LocalTime,
): SeriesJudge {
  const intervalMs = stepMs(sensor)
  const neighbours =
    settings.neighbour === undefined || intervalMs === null ? [] : neighboursOf(sensor, city)
  const steps = neighbours.map((id) => stepOf(id, city))
  const utcOffsetMs = (atMs: number): number => time.offsetMs(atMs)
  return {
    context,
    neighbours,
    judge: ({ atMs, values }, others) => {
      const records = others.flatMap((other, index): NeighbourRecord[] => {
        const step = steps[index] ?? null
        return step === null ? [] : [{ ...other, intervalMs: step }]
      })
      const record = { atMs, values, intervalMs, utcOffsetMs, neighbours: records }
      const { flags, tests } = recordFlags(record, settings)
      return { flags, tests }
    },
    alone: (values) => qualityFlags(values, sensor),
  }
}

function widest(a: Context, b: Context): Context {
  return {
    rowsBefore: Math.max(a.rowsBefore, b.rowsBefore),
    rowsAfter: Math.max(a.rowsAfter, b.rowsAfter),
    msBefore: Math.max(a.msBefore, b.msBefore),
    msAfter: Math.max(a.msAfter, b.msAfter),
  }
}

/** The gauges that the registry names, else all that report increments in step and stand near. */
function neighboursOf(
  sensor: Sensor,
  city: Pick<RegistryIndex, 'sensors' | 'stations'>,
): readonly SeriesId[] {
  const { neighbour } = sensor.qc ?? {}
  if (neighbour !== undefined && neighbour !== 'off' && neighbour.sensors !== undefined) {
    return neighbour.sensors
  }
  const here = positionOf(sensor.id, city)
  if (here === undefined) return []
  return [...city.sensors.values()].flatMap(({ sensor: { id, quantity, kind } }) => {
    if (id === sensor.id || quantity !== 'rain_depth' || kind.type === 'counter') return []
    const there = positionOf(id, city)
    if (there === undefined || stepOf(id, city) === null) return []
    const isNear = greatCircleM(here.lon, here.lat, there.lon, there.lat) <= NEIGHBOUR_WITHIN_M
    return isNear ? [id] : []
  })
}

function positionOf(
  id: SeriesId,
  { sensors, stations }: Pick<RegistryIndex, 'sensors' | 'stations'>,
): { readonly lon: number; readonly lat: number } | undefined {
  return stations.get(sensors.get(id)?.device.station ?? '')?.position
}

function stepOf(id: SeriesId, { sensors }: Pick<RegistryIndex, 'sensors'>): number | null {
  const placed = sensors.get(id)
  return placed === undefined ? null : stepMs(placed.sensor)
}

/** Expected step between values, ms; null for a sensor that reports on change. */
function stepMs({ reporting }: Sensor): number | null {
  return reporting.type === 'periodic' ? reporting.intervalS * SECOND_MS : null
}
