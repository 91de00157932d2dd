import type { Duplex } from 'node:stream'

/** A fixed header has one byte of type and one to four of length [MQTT-2.2.3]. */
const LONGEST_LENGTH = 4

/**
 * Cuts a connection that announces a larger packet than the bound, before anybody buffers it:
 * the parser behind the broker would collect up to 256 MiB first.
 *
 * It looks at fixed headers only and steps over bodies, by wrapping the stream's `read`; a
 * transform in between would copy every byte and cost the broker its speed.
 *
 * @param maxPacketBytes largest remaining length allowed, bytes; > 0
 * @param onTooLarge called once with the announced length, after the stream has been destroyed
 */
export function boundPackets(
  stream: Duplex,
  maxPacketBytes: number,
  onTooLarge: (announcedBytes: number) => void,
): void {
  const read = stream.read.bind(stream)
  const header = new HeaderWalk()
  stream.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    if (!Buffer.isBuffer(chunk)) return chunk
    const announced = header.largestIn(chunk)
    if (announced <= maxPacketBytes) return chunk
    stream.destroy()
    onTooLarge(announced)
    return null
  }
}

/** Walks from fixed header to fixed header across chunks. */
class HeaderWalk {
  private bodyLeft = 0
  private lengthBytes = 0
  private remaining = 0
  private inLength = false

  /** The largest remaining length announced by a header that completes in this chunk. */
  largestIn(chunk: Uint8Array): number {
    let largest = 0
    let at = 0
    while (at < chunk.length) {
      if (this.bodyLeft > 0) {
        const step = Math.min(this.bodyLeft, chunk.length - at)
        this.bodyLeft -= step
        at += step
        continue
      }
      const byte = chunk[at++] ?? 0
      if (!this.inLength) {
        this.inLength = true
        this.lengthBytes = 0
        this.remaining = 0
        continue
      }
      this.remaining += (byte & 0x7f) * 128 ** this.lengthBytes
      this.lengthBytes++
      if ((byte & 0x80) !== 0 && this.lengthBytes < LONGEST_LENGTH) continue
      this.inLength = false
      this.bodyLeft = this.remaining
      largest = Math.max(largest, this.remaining)
    }
    return largest
  }
}
