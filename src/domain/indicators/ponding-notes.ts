import type { Sensor } from '../city/registry.js'
import { FLAG } from '../flag.js'
import type { PondingFindings } from '../ponding/ponding-events.js'
import type { Window } from '../time.js'
import { cityTime, type CityTime } from './city-time.js'
import { columnsOf, note, numberOf, type Loaded, type Scope } from './indicator.js'
import { withoutAccuracy } from './instrument-errors.js'
import type { JudgedEvent } from './ponding-verdict.js'
import type { IndicatorResult, Note } from './result.js'
import { accuracyNotes } from './telemetry-uncertainty.js'

/** What a reader of ponding results has to know; water that was seen but does not count stands here by name. */
export function pondingNotes(
  scope: Scope,
  sensor: Sensor,
  rows: readonly JudgedEvent[],
  findings: PondingFindings,
  loaded: Loaded,
): Note[] {
  const notes: Note[] = []
  const time = cityTime(scope.registry)
  const few = findings.tooFew.filter(({ atMs }) => isWithin(atMs, scope.window))
  if (few.length > 0) {
    const named = few.map(({ atMs, depthMm }) => `${time.at(atMs)} ${depthMm} mm`).join(', ')
    notes.push(
      note(
        'ponding_too_few_readings',
        `达到阈值但连续读数不足、未计为积水：${named} (${time.zone})`,
        `at the threshold but too few readings in a row to be a ponding: ${named} (${time.zone})`,
      ),
    )
  }
  const failed = failedPonding(scope, sensor, loaded, time)
  if (failed.length > 0) {
    notes.push(
      note(
        'ponding_reading_failed',
        `显示积水但质控不合格、未计入的读数，须查看：${failed.join(', ')} (${time.zone})`,
        `readings that show ponding failed their quality tests and are left out; look at them: ${failed.join(', ')} (${time.zone})`,
      ),
    )
  }
  const dry = rows.filter(({ end }) => end.found === 'no-rain')
  if (dry.length > 0) {
    const named = time.list(dry.map(({ event }) => event.fromMs))
    notes.push(
      note(
        'ponding_without_rain',
        `此前 reachH 内无雨的积水，退水时间不计：${named}`,
        `ponding without rain within reachH before it, so without a recession: ${named}`,
      ),
    )
  }
  const broken = rows.filter(({ event }) => event.state !== 'complete')
  if (broken.length > 0) {
    const holes = broken.filter(({ event }) => event.state === 'hole')
    const open = broken.filter(({ event }) => event.state === 'going-on')
    const starts = (some: readonly JudgedEvent[]) =>
      time.list(some.map(({ event }) => event.fromMs))
    notes.push(
      note(
        'ponding_incomplete',
        [
          ...(holes.length > 0
            ? [`其间缺读数、水深为下限、结束为上限的积水：${starts(holes)}`]
            : []),
          ...(open.length > 0 ? [`记录结束时尚未退完的积水：${starts(open)}`] : []),
        ].join('；'),
        [
          ...(holes.length > 0
            ? [
                `readings are missing within, so the depth is a lower and the end an upper bound: ${starts(holes)}`,
              ]
            : []),
          ...(open.length > 0 ? [`not seen to end before the record does: ${starts(open)}`] : []),
        ].join('; '),
      ),
    )
  }
  if (rows.length > 0) notes.push(...accuracyNotes(withoutAccuracy(scope.registry, [sensor.id])))
  return notes
}

/** A verdict on depth that the instrument cannot bear. */
export function limitNotes(scope: Scope, uncertainty: IndicatorResult['uncertainty']): Note[] {
  const limitMm = numberOf(scope, 'depthLimitMm')
  if (uncertainty === null || limitMm < uncertainty.lower || limitMm >= uncertainty.upper) return []
  return [
    note(
      'limit_within_uncertainty',
      '水深限值落在最大水深的误差区间之内',
      'the limit of the depth lies within the interval of the greatest depth',
    ),
  ]
}

function failedPonding(scope: Scope, sensor: Sensor, loaded: Loaded, time: CityTime): string[] {
  const columns = columnsOf(loaded, sensor.id)
  const threshold = numberOf(scope, 'thresholdMm')
  const named: string[] = []
  for (const [i, atMs] of columns.atMs.entries()) {
    const value = columns.values[i] ?? Number.NaN
    if (columns.flags[i] !== FLAG.fail || !(value >= threshold)) continue
    if (isWithin(atMs, scope.window)) named.push(`${time.at(atMs)} ${value} mm`)
  }
  return named
}

function isWithin(atMs: number, window: Window): boolean {
  return atMs >= window.fromMs && atMs < window.toMs
}
