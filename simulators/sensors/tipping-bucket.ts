import { z } from 'zod'
import { SECOND_MS } from '../../src/domain/time.js'
import type { FaultEntry, Signal } from './readings.js'

/** Leaves over the funnel: what falls in the span passes in part, and the rest later or never. */
export const cloggingSchema = z.strictObject({
  fromS: z.number().nonnegative().meta({ description: 's from the bucket’s start' }),
  toS: z.number().positive(),
  passing: z.number().min(0).max(1).meta({ description: 'share that passes at once' }),
  rest: z.discriminatedUnion('goes', [
    z.strictObject({ goes: z.literal('over-the-rim').meta({ description: 'never counted' }) }),
    z.strictObject({
      goes: z.literal('through-later').meta({ description: 'at an even rate once it is cleared' }),
      overS: z.number().positive(),
    }),
  ]),
})

export type Clogging = z.output<typeof cloggingSchema>

export interface TippingBucket {
  /** Depth of one tip, in the unit of the rain; > 0. */
  readonly perTip: number
  readonly clogging: readonly Clogging[]
  /** From where the seconds of the clogging count, UTC epoch ms. */
  readonly startMs: number
}

/** What a bucket made of a rain record; depths in the unit of the rain. */
export interface BucketRecord {
  /** Rain through the funnel in each step, after clogging. */
  readonly reached: Float64Array
  /** What the tips of each step amount to. */
  readonly amount: Float64Array
  /** Tips in the step that ends at each row. */
  readonly tips: Uint32Array
  /** When each tip fell, UTC epoch ms, ascending: rain is even within a step. */
  readonly tipAtMs: Float64Array
  /** In the bucket at the end; 0 ≤ it < one tip. */
  readonly carried: number
  /** What ran over the rim, and what is still held by leaves at the end. */
  readonly spilt: number
  readonly held: number
  readonly faults: readonly FaultEntry[]
}

/** Sums of depths err by a few units in the last place; a tip is not lost to that, as a share of a tip. */
const SLACK = 1e-9

/**
 * A tipping bucket under a rain record: it keeps what has not tipped from one step to the next, so
 * that tips · perTip + carried + spilt + held is the rain that fell.
 *
 * @param rain depth in the step that ends at each instant; ≥ 0. Of the first row the step is as long as
 *   that of the second
 */
export function tippedRain(rain: Signal, sensor: string, bucket: TippingBucket): BucketRecord {
  const clogged = throughLeaves(rain, sensor, bucket)
  const { perTip } = bucket
  const tips = new Uint32Array(rain.atMs.length)
  const tipAtMs: number[] = []
  let carried = 0
  for (const [row, reached] of clogged.reached.entries()) {
    const filled = carried + reached
    const count = Math.floor(filled / perTip + SLACK)
    const endMs = rain.atMs[row] ?? 0
    const stepMs = stepOf(rain.atMs, row)
    for (let tip = 1; tip <= count; tip++) {
      // The share of the step's rain that had fallen when this tip was full.
      const share = Math.min(1, Math.max(0, (tip * perTip - carried) / reached))
      tipAtMs.push(Math.round(endMs - stepMs * (1 - share)))
    }
    tips[row] = count
    carried = Math.max(0, filled - count * perTip)
  }
  const amount = Float64Array.from(tips, (count) => wholeTips(count, perTip))
  return { ...clogged, tips, amount, tipAtMs: Float64Array.from(tipAtMs), carried }
}

/** Written in decimals: 3 tips of 0.1 are 0.3. */
function wholeTips(count: number, perTip: number): number {
  const perOne = Math.round(1 / perTip)
  return Math.abs(perOne * perTip - 1) < SLACK ? count / perOne : count * perTip
}

function throughLeaves(rain: Signal, sensor: string, { clogging, startMs }: TippingBucket) {
  const { atMs } = rain
  const lastMs = atMs.at(-1) ?? 0
  let reached = rain.value
  let spilt = 0
  let held = 0
  const faults: FaultEntry[] = []
  for (const { fromS, toS, passing, rest } of clogging) {
    const fromMs = startMs + fromS * SECOND_MS
    const toMs = startMs + toS * SECOND_MS
    let keptBack = 0
    let rows = 0
    const now = reached.map((depth, row) => {
      const endMs = atMs[row] ?? 0
      if (endMs < fromMs || endMs >= toMs || depth === 0) return depth
      keptBack += depth * (1 - passing)
      rows++
      return depth * passing
    })
    if (rest.goes === 'over-the-rim') {
      spilt += keptBack
    } else {
      const overMs = rest.overS * SECOND_MS
      for (const [row, endMs] of atMs.entries()) {
        const stepMs = stepOf(atMs, row)
        const beganMs = Math.max(endMs - stepMs, toMs)
        const wetMs = Math.min(endMs, toMs + overMs) - beganMs
        if (wetMs > 0) now[row] = (now[row] ?? 0) + (keptBack * wetMs) / overMs
      }
      const throughMs = Math.min(overMs, Math.max(0, lastMs - toMs))
      held += keptBack * (1 - throughMs / overMs)
    }
    reached = now
    const parameters = {
      passing,
      rest: rest.goes,
      ...('overS' in rest ? { overS: rest.overS } : {}),
      keptBack,
    }
    faults.push({ kind: 'clogging', sensor, fromMs, toMs, rows, parameters })
  }
  return { reached, spilt, held, faults }
}

/** Length of the step that ends at a row, ms. */
function stepOf(atMs: Float64Array, row: number): number {
  const before = Math.max(0, row - 1)
  return atMs.length < 2 ? 0 : (atMs[before + 1] ?? 0) - (atMs[before] ?? 0)
}
