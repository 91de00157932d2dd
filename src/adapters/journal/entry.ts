import type { EntryKind, JournalEntry } from '../../ports/journal.js'
import { ENTRY_KIND } from '../../ports/journal.js'

/** Layout of an entry; README.md has the table. Integers are little-endian. */
const ENTRY_VERSION = 1
/** Bytes before the strings. */
export const ENTRY_FIXED_BYTES = 26
const LONGEST_STRING_BYTES = 0xffff
/** MQTT's own bound on a packet; nothing longer can arrive. */
export const LONGEST_ENTRY_BYTES = 0x0fff_ffff
const TWO_32 = 0x1_0000_0000

const KIND_OF_NUMBER: ReadonlyMap<number, EntryKind> = new Map(
  Object.entries(ENTRY_KIND).map(([kind, number]) => [number, kind as EntryKind]),
)

/** No entry with these strings and this payload takes more bytes. */
export function entryBytesBound(entry: Omit<JournalEntry, 'seq'>): number {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const strings = entry.device.length + entry.client.length + entry.topic.length
  return ENTRY_FIXED_BYTES + 3 * strings + entry.payload.length
}

/** Why an entry cannot be written, or null: judged before it takes a place in a group. */
export function entryFault(entry: Omit<JournalEntry, 'seq'>): string | null {
  if (!Number.isSafeInteger(entry.arrivalMs) || entry.arrivalMs < 0) {
    return `arrivalMs ${entry.arrivalMs} is not a whole number of milliseconds since 1970`
  }
  for (const name of ['device', 'client', 'topic'] as const) {
    const text = entry[name]
    if (3 * text.length > LONGEST_STRING_BYTES && Buffer.byteLength(text) > LONGEST_STRING_BYTES) {
      return `${name} is longer than ${LONGEST_STRING_BYTES} bytes`
    }
  }
  if (entryBytesBound(entry) > LONGEST_ENTRY_BYTES) return 'the payload is longer than 256 MiB'
  return null
}

/** Writes the entry at `at`; returns its length. The caller has made room (entryBytesBound). */
export function writeEntry(target: Buffer, at: number, entry: JournalEntry): number {
  target[at] = ENTRY_VERSION
  target[at + 1] = ENTRY_KIND[entry.kind]
  target[at + 2] =
    entry.qos |
    (entry.retain ? 4 : 0) |
    (entry.dup ? 8 : 0) |
    (entry.serverClock === undefined ? 0 : 16)
  target[at + 3] = 0
  writeUint64(target, at + 4, entry.seq)
  writeUint64(target, at + 12, entry.arrivalMs)
  let end = at + ENTRY_FIXED_BYTES
  const device = target.write(entry.device, end, 'utf8')
  end += device
  const client = target.write(entry.client, end, 'utf8')
  end += client
  const topic = target.write(entry.topic, end, 'utf8')
  end += topic
  target.writeUInt16LE(device, at + 20)
  target.writeUInt16LE(client, at + 22)
  target.writeUInt16LE(topic, at + 24)
  target.set(entry.payload, end)
  return end + entry.payload.length - at
}

/** Reads what writeEntry wrote; the payload shares memory with `bytes`. Throws on another version or kind. */
export function readEntry(bytes: Buffer): JournalEntry {
  const version = bytes[0]
  if (version !== ENTRY_VERSION) {
    throw new Error(`entry version ${version}; this program reads version ${ENTRY_VERSION}`)
  }
  const kind = KIND_OF_NUMBER.get(bytes.readUInt8(1))
  if (kind === undefined) throw new Error(`entry kind ${bytes[1]} is none of this program's kinds`)
  const bits = bytes.readUInt8(2)
  const clientAt = ENTRY_FIXED_BYTES + bytes.readUInt16LE(20)
  const topicAt = clientAt + bytes.readUInt16LE(22)
  const payloadAt = topicAt + bytes.readUInt16LE(24)
  if (payloadAt > bytes.length) throw new Error('the strings are longer than the entry')
  return {
    seq: entrySeq(bytes),
    kind,
    arrivalMs: readUint64(bytes, 12),
    device: bytes.toString('utf8', ENTRY_FIXED_BYTES, clientAt),
    client: bytes.toString('utf8', clientAt, topicAt),
    topic: bytes.toString('utf8', topicAt, payloadAt),
    qos: qosOf(bits & 3),
    retain: (bits & 4) !== 0,
    dup: (bits & 8) !== 0,
    ...((bits & 16) === 0 ? {} : { serverClock: 'in-doubt' as const }),
    payload: bytes.subarray(payloadAt),
  }
}

/** The sequence alone, without reading the rest. */
export function entrySeq(bytes: Buffer): number {
  return readUint64(bytes, 4)
}

export function writeUint64(target: Buffer, at: number, value: number): void {
  target.writeUInt32LE(value % TWO_32, at)
  target.writeUInt32LE(Math.floor(value / TWO_32), at + 4)
}

export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * TWO_32
}

function qosOf(bits: number): 0 | 1 | 2 {
  if (bits === 0 || bits === 1 || bits === 2) return bits
  throw new Error('QoS 3 does not exist')
}
