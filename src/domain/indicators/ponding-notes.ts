import type { Sensor } from '../city/registry.js'
import { FLAG } from '../flag.js'
import type { PondingFindings } from '../ponding/ponding-events.js'
import type { Window } from '../time.js'
import { columnsOf, note, numberOf, type Loaded, type Scope } from './indicator.js'
import type { JudgedEvent } from './ponding-verdict.js'
import type { Note } from './result.js'

/** What a reader of ponding results has to know; water that was seen but does not count stands here by name. */
export function pondingNotes(
  scope: Scope,
  sensor: Sensor,
  rows: readonly JudgedEvent[],
  findings: PondingFindings,
  loaded: Loaded,
): Note[] {
  const notes: Note[] = []
  const at = (atMs: number) => new Date(atMs).toISOString()
  const few = findings.tooFew.filter(({ atMs }) => isWithin(atMs, scope.window))
  if (few.length > 0) {
    const named = few.map(({ atMs, depthMm }) => `${at(atMs)} ${depthMm} mm`).join(', ')
    notes.push(
      note(
        'ponding_too_few_readings',
        `达到阈值但读数不足、未计为积水:${named}`,
        `at the threshold but too few readings to be a ponding: ${named}`,
      ),
    )
  }
  const failed = failedPonding(scope, sensor, loaded)
  if (failed.length > 0) {
    notes.push(
      note(
        'ponding_reading_failed',
        `不合格读数显示积水,未计入,须查看:${failed.join(', ')}`,
        `readings that show ponding failed their quality tests and are left out; look at them: ${failed.join(', ')}`,
      ),
    )
  }
  const dry = rows.filter(({ end }) => end.found === 'no-rain')
  if (dry.length > 0) {
    const named = dry.map(({ event }) => at(event.fromMs)).join(', ')
    notes.push(
      note('ponding_without_rain', `无雨积水:${named}`, `ponding without rain before it: ${named}`),
    )
  }
  const broken = rows.filter(({ event }) => event.state !== 'complete')
  if (broken.length > 0) {
    const named = broken.map(({ event }) => `${at(event.fromMs)} ${event.state}`).join(', ')
    notes.push(
      note('ponding_incomplete', `积水记录不完整:${named}`, `ponding not seen whole: ${named}`),
    )
  }
  if (rows.length > 0 && sensor.accuracy === undefined) {
    notes.push(
      note(
        'accuracy_unknown',
        '仪器未登记准确度,不给出误差区间',
        'the accuracy of the instrument is not in the registry: no interval is given',
      ),
    )
  }
  return notes
}

function failedPonding(scope: Scope, sensor: Sensor, loaded: Loaded): string[] {
  const columns = columnsOf(loaded, sensor.id)
  const threshold = numberOf(scope, 'thresholdMm')
  const named: string[] = []
  for (const [i, atMs] of columns.atMs.entries()) {
    const value = columns.values[i] ?? Number.NaN
    if (columns.flags[i] !== FLAG.fail || !(value >= threshold)) continue
    if (isWithin(atMs, scope.window)) named.push(`${new Date(atMs).toISOString()} ${value} mm`)
  }
  return named
}

function isWithin(atMs: number, window: Window): boolean {
  return atMs >= window.fromMs && atMs < window.toMs
}
