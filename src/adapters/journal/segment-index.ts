import { z } from 'zod'
import type { Block } from './segment-log.js'

const whole = z.int().min(0)

/**
 * What is kept beside a sealed segment, in a file of its own so that the manifest stays small
 * however many devices there are.
 */
const schema = z.object({
  salt: whole,
  /** First sequence and offset in the compressed file of each gzip member. */
  blocks: z.array(z.tuple([whole, whole])).min(1),
  /** Hour of arrival, then devices and their entries. */
  received: z.array(z.tuple([whole, z.array(z.tuple([z.string(), whole]))])),
})

export interface SegmentIndex {
  readonly salt: number
  readonly blocks: readonly Block[]
  readonly received: ReadonlyMap<number, ReadonlyMap<string, number>>
}

export function segmentIndexBytes(index: SegmentIndex): Buffer {
  const value: z.infer<typeof schema> = {
    salt: index.salt,
    blocks: index.blocks.map((block) => [block.firstSeq, block.offset]),
    received: [...index.received]
      .sort(([a], [b]) => a - b)
      .map(([hourMs, devices]) => [hourMs, [...devices]]),
  }
  return Buffer.from(JSON.stringify(value))
}

/** Throws when the bytes are no index. */
export function readSegmentIndex(bytes: Buffer): SegmentIndex {
  const value = schema.parse(JSON.parse(bytes.toString()))
  return {
    salt: value.salt,
    blocks: value.blocks.map(([firstSeq, offset]) => ({ firstSeq, offset })),
    received: new Map(value.received.map(([hourMs, devices]) => [hourMs, new Map(devices)])),
  }
}
