import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readEntry } from '../../../../../src/adapters/journal/entry.js'
import {
  faultAt,
  frameAt,
  frameBytesBound,
  saltFrames,
  writeFrame,
} from '../../../../../src/adapters/journal/frame.js'
import { ENTRY_KINDS, type JournalEntry } from '../../../../../src/ports/journal.js'

const SALT = 0x9e37_79b9

const anEntry = fc.record<JournalEntry>({
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  kind: fc.constantFrom(...ENTRY_KINDS),
  arrivalMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  device: fc.string({ unit: 'grapheme' }),
  client: fc.string({ unit: 'grapheme' }),
  topic: fc.string({ unit: 'grapheme' }),
  qos: fc.constantFrom(0, 1, 2),
  retain: fc.boolean(),
  dup: fc.boolean(),
  payload: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
})

function entry(seq: number, payload = `{"n":"level","v":${seq}}`): JournalEntry {
  return {
    seq,
    kind: 'message',
    arrivalMs: 1_700_000_000_000 + seq,
    device: 'gauge-1',
    client: 'gauge-1',
    topic: 'rl/v1/c/gauge-1/up',
    qos: 1,
    retain: false,
    dup: false,
    payload: Buffer.from(payload),
  }
}

/** Groups as the disk holds them, and where each frame begins. */
function written(groups: readonly (readonly JournalEntry[])[]): {
  bytes: Buffer
  starts: number[]
} {
  const parts: Buffer[] = []
  const starts: number[] = []
  let total = 0
  for (const group of groups) {
    const frames = Buffer.alloc(group.reduce((sum, one) => sum + frameBytesBound(one), 0))
    let end = 0
    for (const [position, one] of group.entries()) {
      starts.push(total + end)
      end = writeFrame(frames, end, one, position)
    }
    saltFrames(frames, end, SALT)
    parts.push(frames.subarray(0, end))
    total += end
  }
  return { bytes: Buffer.concat(parts), starts }
}

describe('a frame', () => {
  test('gives back the entry that was written, byte by byte', () => {
    fc.assert(
      fc.property(anEntry, fc.nat(1000), (one, position) => {
        const frames = Buffer.alloc(frameBytesBound(one))
        const end = writeFrame(frames, 0, one, position)
        saltFrames(frames, end, SALT)
        const frame = frameAt(frames.subarray(0, end), 0, SALT)
        expect(frame).toMatchObject({ seq: one.seq, position, end })
        expect(frame === null ? null : readEntry(frame.entry)).toEqual(one)
      }),
    )
  })

  test('is unsound after any one bit of it has changed', () => {
    const { bytes } = written([[entry(1)]])
    let flips = 0
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(frameAt(damaged, 0, SALT)).toBeNull()
      flips += 1
    }
    expect(flips).toBeGreaterThan(500)
  })

  test('of another file, with another salt, is not taken for one of ours', () => {
    const { bytes } = written([[entry(1)]])
    expect(frameAt(bytes, 0, SALT + 1)).toBeNull()
  })
})

describe('an unsound frame', () => {
  test('that the file cuts short is torn, at every length', () => {
    const { bytes, starts } = written([[entry(1)], [entry(2), entry(3)]])
    const last = starts[2] ?? 0
    for (let length = last + 1; length < bytes.length; length += 1) {
      expect(faultAt(bytes.subarray(0, length), last, 3, SALT)).toBe('torn')
    }
  })

  test('with one changed bit is damage, also at the very end of the file', () => {
    const { bytes, starts } = written([[entry(1)], [entry(2), entry(3)]])
    const last = starts[2] ?? 0
    for (let bit = last * 8; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(faultAt(damaged, last, 3, SALT)).toBe('damaged')
    }
  })

  test('is torn when a sector of its group was not written, though the rest of the group was', () => {
    const group = Array.from({ length: 12 }, (_, n) => entry(n + 2, 'x'.repeat(150)))
    const { bytes, starts } = written([[entry(1)], group])
    bytes.fill(0, 512, 1024)
    const firstBad = starts.findIndex((start) => frameAt(bytes, start, SALT) === null)
    expect(firstBad).toBeGreaterThan(0)
    expect(faultAt(bytes, starts[firstBad] ?? 0, firstBad + 1, SALT)).toBe('torn')
  })

  test('is damage when a sector of it is zero but a later group was written: it had been synced', () => {
    const group = Array.from({ length: 12 }, (_, n) => entry(n + 2, 'x'.repeat(150)))
    const { bytes, starts } = written([[entry(1)], group, [entry(14)]])
    bytes.fill(0, 512, 1024)
    const firstBad = starts.findIndex((start) => frameAt(bytes, start, SALT) === null)
    expect(faultAt(bytes, starts[firstBad] ?? 0, firstBad + 1, SALT)).toBe('damaged')
  })

  test('of zeros to the end of the file is torn: the size had grown, nothing had been written', () => {
    const { bytes } = written([[entry(1)]])
    const grown = Buffer.concat([bytes, Buffer.alloc(700)])
    expect(faultAt(grown, bytes.length, 2, SALT)).toBe('torn')
  })

  test('is not made damage by a payload that looks like a frame of another file', () => {
    const forged = Buffer.alloc(200)
    const end = writeFrame(forged, 0, entry(900), 0)
    saltFrames(forged, end, SALT ^ 1)
    const carrier = { ...entry(2), payload: Buffer.concat([forged, Buffer.alloc(100, 1)]) }
    const { bytes, starts } = written([[entry(1)], [carrier]])
    expect(faultAt(bytes.subarray(0, bytes.length - 5), starts[1] ?? 0, 2, SALT)).toBe('torn')
  })
})
