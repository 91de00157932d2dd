import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { rounded } from '../rounding.js'
import { pollutantLoad } from '../runoff/pollutant-load.js'
import { reduction } from '../runoff/reduction.js'
import { eachIdOnce } from './figure-formula.js'
import { figuredPart, type JudgedPart } from './judged-parts.js'

const share = z.number().min(0).max(1)
const amount = z.number().nonnegative()
const name = z.string().trim().min(1)

/** GB/T 51345-2018 item 2 (standards sheet 3.2, (unverified)) and practice (S28). */
const SOLIDS_RULE = {
  minReduction: { new: 0.7, retrofit: 0.4 },
  /** Fewest events measured: light, moderate and heavy. */
  minEvents: 3,
} as const

export type Built = 'new' | 'retrofit'

const sampled = z
  .strictObject({
    atMs: z.array(z.int()).min(2),
    flowLs: z.array(amount),
    concMgL: z.array(amount),
  })
  .refine(
    ({ atMs, flowLs, concMgL }) => atMs.length === flowLs.length && atMs.length === concMgL.length,
    'atMs, flowLs and concMgL are of one length',
  )
  .refine(({ atMs }) => atMs.every((at, i) => i === 0 || at > (atMs[i - 1] ?? at)), 'atMs ascends')

/** Mass in or out of an event: weighed up already, or flow and concentration at the same times. */
const mass = z.union([amount, sampled])

/** How much of the suspended solids of a year a project keeps: by its facilities, or measured. */
export const solids = z
  .union([
    z.strictObject({ captureRatio: share, facilityRemoval: share }),
    z.strictObject({
      laboratory: name,
      cmaNumber: name.nullable().default(null),
      events: z
        .array(z.strictObject({ id: name, inKg: mass, outKg: mass }))
        .min(1)
        .superRefine(eachIdOnce),
    }),
  ])
  .nullable()
  .default(null)

/** By facilities η = α·η_facility; measured (ΣM_in − ΣM_out)/ΣM_in, by accredited tests only. */
export function solidsPart(
  given: z.output<typeof solids>,
  built: Built,
  planned: number | null,
): JudgedPart {
  const title = text('SS 削减', 'solids')
  const asked = planned ?? SOLIDS_RULE.minReduction[built]
  const clause = 'preferably'
  if (given === null) return figuredPart('solids', title, null, null, clause)
  if ('captureRatio' in given) {
    const ratio = rounded(given.captureRatio * given.facilityRemoval)
    return figuredPart('solids', title, ratio >= asked, { ratio, asked }, clause)
  }
  const events = given.events.map(({ id, inKg, outKg }) => ({
    id,
    inKg: massOf(inKg),
    outKg: massOf(outKg),
  }))
  const inflow = events.reduce((sum, { inKg }) => sum + inKg, 0)
  const outflow = events.reduce((sum, { outKg }) => sum + outKg, 0)
  const found = reduction({ inflow, outflow })
  const ratio = found === null ? null : rounded(found)
  const { cmaNumber } = given
  const shown = { ratio, asked, cmaNumber, eventCount: events.length, events }
  const isProof = given.cmaNumber !== null && events.length >= SOLIDS_RULE.minEvents
  const meets = ratio === null || !isProof ? null : ratio >= asked
  return figuredPart('solids', title, meets, shown, clause)
}

function massOf(given: z.output<typeof mass>): number {
  return typeof given === 'number' ? given : pollutantLoad(given).massKg
}
