import type { Refusal } from '../../src/domain/fault.js'
import { shown } from '../shown.js'
import { CborFault, CborReader, type Head } from './cbor-reader.js'
import { LABELS } from './labels.js'

const LABEL_OF: ReadonlyMap<number, string> = new Map(LABELS.map(([label, key]) => [key, label]))

/** [RFC8949 §3.4.6] "This is CBOR": allowed before the pack, says nothing. */
const SELF_DESCRIBED = 55_799

const ARRAY = 4
const MAP = 5
const TAG = 6

/**
 * The members of a SenML pack in CBOR (RFC 8428 §6): records as objects with string labels,
 * whatever else as it is. A label given twice in one record, as text or as integer, refuses the
 * message: nobody can say which value was meant.
 */
export function readPack(payload: Uint8Array): { readonly items: readonly unknown[] } | Refusal {
  if (payload.length === 0) return unreadable('the payload is empty; send a CBOR array of records')
  const reader = new CborReader(payload)
  try {
    let head = reader.head()
    if (head.major === TAG && head.argument === SELF_DESCRIBED) head = reader.head()
    if (head.major !== ARRAY) {
      return {
        code: 'payload_invalid',
        reason: `the payload is ${shown(reader.rest(head, 1))}; a SenML pack is an array of records`,
      }
    }
    const items: unknown[] = []
    for (let left = reader.lengthOf(head, 1); reader.hasNext(left); left--) {
      items.push(readItem(reader))
    }
    if (!reader.isAtEnd())
      return unreadable(`${reader.left()} bytes follow the pack; send it alone`)
    return { items }
  } catch (error) {
    if (error instanceof CborFault) return unreadable(`${error.message}; send well-formed CBOR`)
    throw error
  }
}

function readItem(reader: CborReader): unknown {
  const head = reader.head()
  return head.major === MAP ? readRecord(reader, head) : reader.rest(head, 2)
}

function readRecord(reader: CborReader, head: Head): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (let left = reader.lengthOf(head, 2); reader.hasNext(left); left--) {
    const key = reader.item(2)
    const label = typeof key === 'number' ? (LABEL_OF.get(key) ?? `label ${key}`) : key
    if (typeof label !== 'string') {
      throw new CborFault(`a label is ${shown(label)}, not an integer or text`)
    }
    if (Object.hasOwn(record, label)) {
      throw new CborFault(`the record gives ${shown(label)} twice`)
    }
    const value = reader.item(2)
    if (label === '__proto__') Object.defineProperty(record, label, { value, enumerable: true })
    else record[label] = value
  }
  return record
}

function unreadable(reason: string): Refusal {
  return { code: 'payload_unreadable', reason }
}
