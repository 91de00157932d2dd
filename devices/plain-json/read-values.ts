import type { Refusal } from '../../src/domain/fault.js'
import type {
  DecodeContext,
  DecodedPack,
  DecodedRecord,
  RefusedRecord,
} from '../../src/ports/device-model.js'
import { shown } from '../shown.js'
import { readGivens, type Given } from './givens.js'
import { readTime } from './read-time.js'

/**
 * The values of a message with their times. Positions of refused ones count the values in the
 * order they are written. The rank is `seq` when the device sends one, else the newest time.
 */
export function readValues(message: unknown, context: DecodeContext): DecodedPack | Refusal {
  const givens = readGivens(message)
  if ('code' in givens) return givens
  const records: DecodedRecord[] = []
  const refused: RefusedRecord[] = []
  let newestMs = Number.NEGATIVE_INFINITY
  let timeBase: DecodedPack['timeBase'] = 'device'
  for (const [index, given] of givens.values.entries()) {
    if ('code' in given) {
      refused.push({ index, ...given })
      continue
    }
    const record = readRecord(given, context)
    if ('code' in record) {
      refused.push({ index, ...record })
      continue
    }
    records.push(record)
    if (isAbsent(given.time)) timeBase = 'arrival'
    else if (record.atMs > newestMs) newestMs = record.atMs
  }
  const stamp = context.clock === 'own' && newestMs > Number.NEGATIVE_INFINITY ? newestMs : null
  const { seqs } = givens
  if (seqs.length === 0) return { rank: stamp, timeBase, records, refused }
  return { rank: seqs.reduce((a, b) => Math.max(a, b)), numbers: seqs, timeBase, records, refused }
}

function readRecord(given: Given, context: DecodeContext): DecodedRecord | Refusal {
  const { name, value, unit } = given
  const label = shown(name)
  const time = timesOf(given, context)
  if ('code' in time) return time
  if (value !== null && typeof value !== 'number') {
    return {
      code: 'value_not_numeric',
      reason: `${label} is ${shown(value)}; write a number without quotes, or null when it is missing`,
    }
  }
  if (value !== null && !Number.isFinite(value)) {
    return {
      code: 'value_not_finite',
      reason: `${label} is beyond any number (${value}); send a finite one, or null when it is missing`,
    }
  }
  if (!isAbsent(unit) && typeof unit !== 'string') {
    return broken(`the unit of ${label} is ${shown(unit)}; a unit is text such as "mm"`)
  }
  // Adding 0 turns -0 into 0.
  return { name, unit: unit ?? null, value: value === null ? null : value + 0, ...time }
}

function timesOf(
  { name, time, from }: Given,
  context: DecodeContext,
): Pick<DecodedRecord, 'atMs' | 'fromMs'> | Refusal {
  if (isAbsent(time) && context.clock === 'own') {
    return {
      code: 'time_relative',
      reason: `${shown(name)} has no time, but the device is declared to have a clock; add "time": "2026-11-23T08:00:00+08:00", or declare clock: none`,
    }
  }
  const atMs = isAbsent(time) ? context.arrivalMs : readTime('time', time)
  if (typeof atMs === 'string') return broken(atMs)
  if (isAbsent(from)) return { atMs, fromMs: null }
  const fromMs = readTime('from', from)
  if (typeof fromMs === 'string') return broken(fromMs)
  if (fromMs >= atMs) {
    return broken(`from is ${shown(from)}, not before the time, which is the end of the span`)
  }
  return { atMs, fromMs }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function broken(reason: string): Refusal {
  return { code: 'record_invalid', reason }
}
