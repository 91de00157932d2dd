/** Packet types of MQTT 3.1.1, table 2.1, as the first byte of a fixed header. */
const CONNECT = 0x10
const CONNACK = 0x20
const PUBLISH = 0x30
const PUBACK = 0x40
const PUBREC = 0x50
const PUBREL = 0x62
const PUBCOMP = 0x70

/** What a broker answers a publisher; ids are packet identifiers. */
export type Answer =
  | { readonly type: 'connack'; readonly returnCode: number }
  | { readonly type: 'puback' | 'pubrec' | 'pubcomp'; readonly id: number }

/** A CONNECT with a clean session and no keepalive [MQTT-3.1.2]. */
export function connectPacket(clientId: string, username: string, password: string): Buffer {
  const CLEAN_SESSION = 0x02
  const USER_NAME_AND_PASSWORD = 0xc0
  const keepaliveS = [0, 0]
  return packet(CONNECT, [
    text('MQTT'),
    Buffer.from([4, USER_NAME_AND_PASSWORD | CLEAN_SESSION, ...keepaliveS]),
    text(clientId),
    text(username),
    text(password),
  ])
}

/** @param id packet identifier, 1 to 65,535; left out of the packet at QoS 0 */
export function publishPacket(topic: string, qos: 0 | 1 | 2, id: number, payload: string): Buffer {
  const topicBytes = Buffer.byteLength(topic)
  const idBytes = qos === 0 ? 0 : 2
  const remaining = 2 + topicBytes + idBytes + Buffer.byteLength(payload)
  const length = remainingLength(remaining)
  const bytes = Buffer.allocUnsafe(1 + length.length + remaining)
  bytes[0] = PUBLISH | (qos << 1)
  bytes.set(length, 1)
  let at = 1 + length.length
  at = bytes.writeUInt16BE(topicBytes, at)
  at += bytes.write(topic, at)
  if (qos !== 0) at = bytes.writeUInt16BE(id, at)
  bytes.write(payload, at)
  return bytes
}

export function pubrelPacket(id: number): Buffer {
  return Buffer.from([PUBREL, 2, id >> 8, id & 0xff])
}

/**
 * Reads a broker's answers from a byte stream, whatever way it is cut into chunks. All answers to a
 * publisher are four bytes long; anything else throws.
 */
export function answerReader(): (chunk: Buffer) => Answer[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const answers: Answer[] = []
    let at = 0
    for (; at + 4 <= bytes.length; at += 4) answers.push(answerAt(bytes, at))
    rest = bytes.subarray(at)
    return answers
  }
}

function answerAt(bytes: Buffer, at: number): Answer {
  const id = bytes.readUInt16BE(at + 2)
  const type = bytes[at + 1] === 2 ? bytes[at] : undefined
  if (type === CONNACK) return { type: 'connack', returnCode: bytes[at + 3] ?? 0 }
  if (type === PUBACK) return { type: 'puback', id }
  if (type === PUBREC) return { type: 'pubrec', id }
  if (type === PUBCOMP) return { type: 'pubcomp', id }
  throw new Error(`the broker sent ${bytes.toString('hex', at, at + 4)}, no answer to a publisher`)
}

function packet(type: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([type, ...remainingLength(body.length)]), body])
}

/** A string with its length before it [MQTT-1.5.3]. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}

/** Seven bits a byte, the low ones first [MQTT-2.2.3]. */
function remainingLength(length: number): number[] {
  const bytes: number[] = []
  for (let left = length; ;) {
    const low = left % 128
    left = Math.floor(left / 128)
    if (left === 0) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}
