import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import type { Text } from '../indicators/result.js'
import { rounded } from '../rounding.js'
import { pollutantLoad } from '../runoff/pollutant-load.js'
import { reduction } from '../runoff/reduction.js'
import type { StandardFact } from '../standard-fact.js'
import { eachIdOnce } from './figure-formula.js'
import { judgedPart, standingOf, type JudgedPart } from './judged-parts.js'

const share = z.number().min(0).max(1)
const amount = z.number().nonnegative()
const name = z.string().trim().min(1)

/** What GB/T 51345-2018 item 2 asks of projects (standards sheet 3.2, 3.5). */
export const PROJECT_RULE = {
  document: 'GB/T 51345-2018 item 2',
  tag: 'unverified',
  minSolidsReduction: { new: 0.7, retrofit: 0.4 },
  minTreatedShare: { new: 1, retrofit: 0.6 },
  maxHardenedRatio: { new: 0.4, retrofit: 0.7 },
  parkCapture: 0.9,
  /** Fewest events measured: light, moderate and heavy, as practice has it (S28). */
  minEvents: 3,
} as const satisfies StandardFact & Record<string, unknown>

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

const capture = z.strictObject({ ratio: share, bound: share }).nullable().default(null)

const solids = z
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

const peak = z.strictObject({ beforeLs: amount, afterLs: amount }).nullable().default(null)

/** What is known of a building plot, a parking lot or a plaza. */
export const plotFigures = {
  capture: capture.meta({
    description: 'audited volume capture ratio, and the bound of zone or plan',
  }),
  solids: solids.meta({ description: 'annual reduction of suspended solids' }),
  planSolidsReduction: share.nullable().default(null).meta({
    description: 'what the approved plan asks instead of the limit',
  }),
  impervious: z
    .strictObject({ areaM2: z.number().positive(), treatedM2: amount })
    .nullable()
    .default(null),
  peaks: z
    .strictObject({ sewer: peak, waterlogging: peak })
    .default({ sewer: null, waterlogging: null }),
}

export type Built = 'new' | 'retrofit'

export function capturePart(
  given: { readonly ratio: number; readonly bound: number } | null,
): JudgedPart {
  const meets = given === null ? null : given.ratio >= given.bound
  return part('capture', text('径流体积', 'volume'), meets, given)
}

/** By facilities η = α·η_facility; measured (ΣM_in − ΣM_out)/ΣM_in, by accredited tests only. */
export function solidsPart(
  given: z.output<typeof solids>,
  built: Built,
  planned: number | null,
): JudgedPart {
  const title = text('SS 削减', 'solids')
  const asked = planned ?? PROJECT_RULE.minSolidsReduction[built]
  if (given === null) return part('solids', title, null, null)
  if ('captureRatio' in given) {
    const ratio = rounded(given.captureRatio * given.facilityRemoval)
    return part('solids', title, ratio >= asked, { ratio, asked })
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
  const isProof = given.cmaNumber !== null && events.length >= PROJECT_RULE.minEvents
  const meets = ratio === null || !isProof ? null : ratio >= asked
  return part('solids', title, meets, shown)
}

function massOf(given: z.output<typeof mass>): number {
  return typeof given === 'number' ? given : pollutantLoad(given).massKg
}

/** Impervious area whose runoff is treated: all of it in new projects, 60 % in retrofits. */
export function treatedPart(
  given: { readonly areaM2: number; readonly treatedM2: number } | null,
  built: Built,
): JudgedPart {
  const title = text('不透水面污染控制', 'treated impervious area')
  if (given === null) return part('treated', title, null, null)
  const ratio = rounded(given.treatedM2 / given.areaM2)
  const asked = PROJECT_RULE.minTreatedShare[built]
  return part('treated', title, ratio > 1 ? null : ratio >= asked, { ratio, asked })
}

/** The peak at both return periods: not above that before development, or before the retrofit. */
export function peakPart(given: {
  readonly sewer: { readonly beforeLs: number; readonly afterLs: number } | null
  readonly waterlogging: { readonly beforeLs: number; readonly afterLs: number } | null
}): JudgedPart {
  const rows = (['sewer', 'waterlogging'] as const).map((period) => {
    const peaks = given[period]
    const meets = peaks === null ? null : peaks.afterLs <= peaks.beforeLs
    const why = peaks === null ? 'not given' : `${peaks.afterLs} of ${peaks.beforeLs} L/s`
    return { standing: standingOf(meets), why: `${period} ${why}`, period, ...peaks }
  })
  return judgedPart('peak', text('峰值', 'peak'), rows)
}

/** Hardened ground without roofs and pervious pavement; a retrofit is not above what it was either. */
export function hardenedPart(
  given: {
    readonly groundM2: number
    readonly hardenedM2: number
    readonly formerRatio: number | null
  } | null,
  built: Built,
): JudgedPart {
  const title = text('硬化地面率', 'hardened ground')
  if (given === null) return part('hardened', title, null, null)
  const ratio = rounded(given.hardenedM2 / given.groundM2)
  const most = PROJECT_RULE.maxHardenedRatio[built]
  const { formerRatio } = given
  const shown = { ratio, most, formerRatio }
  if (ratio > most) return part('hardened', title, false, shown)
  if (built === 'new') return part('hardened', title, true, shown)
  return part('hardened', title, formerRatio === null ? null : ratio <= formerRatio, shown)
}

/** What an inspection says yes or no to, where it is asked. */
export function inspectedPart(
  id: string,
  title: Text,
  meets: boolean | 'not-asked' | null,
): JudgedPart {
  return meets === 'not-asked'
    ? judgedPart(id, title, [{ standing: 'not-asked', why: null }])
    : part(id, title, meets, null)
}

/** A part of one row with its figures, which also stand in the reason. */
function part(
  id: string,
  title: Text,
  meets: boolean | null,
  figures: Readonly<Record<string, unknown>> | null,
): JudgedPart {
  const said = Object.entries(figures ?? {}).flatMap(([key, value]) =>
    typeof value === 'number' ? [`${key} ${value}`] : value === null ? [`${key} not given`] : [],
  )
  const why = said.length > 0 ? said.join(', ') : meets === null ? 'not given' : null
  return judgedPart(id, title, [{ standing: standingOf(meets), why, ...figures }])
}
