import type { DecodedRecord } from '../../src/ports/device-model.js'
import { shown } from '../shown.js'
import { ABSOLUTE_FROM_S, SENML_NAME } from './resolve-pack.js'
import { toSenmlUnit } from './senml-units.js'

/** Fields of a record as we write it, in this order. */
export interface WrittenRecord {
  bt?: number
  n: string
  u?: string
  /** null: the value is missing; ours, RFC 8428 has no word for it. */
  v: number | null
  t?: number
}

/** Seconds hold whole milliseconds exactly enough up to the end of the year 9999. */
const LAST_MS = 253_402_300_799_999

/**
 * A pack whose resolution gives the records back: the first one's time is the base time, the
 * others' are written relative to it.
 *
 * @throws RangeError for what SenML cannot say: a span with a stated start, a name outside its
 * letters, a number that is not finite, a time before July 1978 (2^28 s) or after the year 9999
 */
export function writePack(records: readonly DecodedRecord[]): WrittenRecord[] {
  const first = records[0]
  if (first === undefined) throw new RangeError('a SenML pack has at least one record')
  return records.map((record) => {
    assertSayable(record)
    const { name, unit, value, atMs } = record
    return {
      ...(record === first ? { bt: atMs / 1000 } : {}),
      n: name,
      ...(unit === null ? {} : { u: toSenmlUnit(unit) }),
      v: value,
      ...(atMs === first.atMs ? {} : { t: (atMs - first.atMs) / 1000 }),
    }
  })
}

function assertSayable({ name, value, atMs, fromMs }: DecodedRecord): void {
  if (fromMs !== null) throw new RangeError(`SenML cannot state the start of a span (${name})`)
  if (!SENML_NAME.test(name)) throw new RangeError(`${shown(name)} is no SenML name`)
  if (value !== null && !Number.isFinite(value)) throw new RangeError(`${name} is ${value}`)
  if (!Number.isInteger(atMs) || atMs < ABSOLUTE_FROM_S * 1000 || atMs > LAST_MS) {
    throw new RangeError(`${atMs} ms is no time that SenML can write`)
  }
}
