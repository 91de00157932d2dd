import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import type { Text } from '../indicators/result.js'
import { rounded } from '../rounding.js'
import type { StandardFact } from '../standard-fact.js'
import { figuredPart, judgedPart, standingOf, type JudgedPart } from './judged-parts.js'
import { solids, type Built } from './solids-part.js'

const share = z.number().min(0).max(1)
const amount = z.number().nonnegative()

/** What GB/T 51345-2018 item 2 asks of projects (standards sheet 3.2, 3.5). */
export const PROJECT_RULE = {
  document: 'GB/T 51345-2018 item 2',
  tag: 'unverified',
  minTreatedShare: { new: 1, retrofit: 0.6 },
  maxHardenedRatio: { new: 0.4, retrofit: 0.7 },
  parkCapture: 0.9,
} as const satisfies StandardFact & Record<string, unknown>

const capture = z.strictObject({ ratio: share, bound: share }).nullable().default(null)

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

export function capturePart(
  given: { readonly ratio: number; readonly bound: number } | null,
  built: Built,
): JudgedPart {
  const meets = given === null ? null : given.ratio >= given.bound
  const clause = built === 'new' ? 'must' : 'preferably'
  return figuredPart('capture', text('径流体积', 'volume'), meets, given, clause)
}

/** Impervious area whose runoff is treated: all of it in new projects, 60 % in retrofits. */
export function treatedPart(
  given: { readonly areaM2: number; readonly treatedM2: number } | null,
  built: Built,
): JudgedPart {
  const title = text('不透水面污染控制', 'treated impervious area')
  if (given === null) return figuredPart('treated', title, null, null)
  const ratio = rounded(given.treatedM2 / given.areaM2)
  const asked = PROJECT_RULE.minTreatedShare[built]
  return figuredPart('treated', title, ratio > 1 ? null : ratio >= asked, { ratio, asked })
}

/** The peak at both return periods: not above that before development, or before the retrofit. */
export function peakPart(
  given: {
    readonly sewer: { readonly beforeLs: number; readonly afterLs: number } | null
    readonly waterlogging: { readonly beforeLs: number; readonly afterLs: number } | null
  },
  built: Built,
): JudgedPart {
  const rows = (['sewer', 'waterlogging'] as const).map((period) => {
    const peaks = given[period]
    const meets = peaks === null ? null : peaks.afterLs <= peaks.beforeLs
    const why = peaks === null ? 'not given' : `${peaks.afterLs} of ${peaks.beforeLs} L/s`
    return { standing: standingOf(meets), why: `${period} ${why}`, period, ...peaks }
  })
  const clause = built === 'new' ? 'preferably' : 'must'
  return judgedPart('peak', text('峰值', 'peak'), rows, clause)
}

/**
 * Hardened ground without roofs and pervious pavement: preferably within its limit; that of a retrofit
 * must not be more than it was.
 */
export function hardenedParts(
  given: {
    readonly groundM2: number
    readonly hardenedM2: number
    readonly formerRatio: number | null
  } | null,
  built: Built,
): readonly JudgedPart[] {
  const ratio = given === null ? null : rounded(given.hardenedM2 / given.groundM2)
  const most = PROJECT_RULE.maxHardenedRatio[built]
  const former = given?.formerRatio ?? null
  const [title, before] = [
    text('硬化地面率', 'hardened ground'),
    text('硬化地面率不高于原值', 'hardened ground as before'),
  ]
  const within = ratio === null ? null : ratio <= most
  const limit = figuredPart('hardened', title, within, { ratio, most }, 'preferably')
  if (built === 'new') return [limit]
  const kept = ratio === null || former === null ? null : ratio <= former
  return [limit, figuredPart('hardened-before', before, kept, { ratio, former })]
}

/** What an inspection says yes or no to, where it is asked. */
export function inspectedPart(
  id: string,
  title: Text,
  meets: boolean | 'not-asked' | null,
): JudgedPart {
  return meets === 'not-asked'
    ? judgedPart(id, title, [{ standing: 'not-asked', why: null }])
    : figuredPart(id, title, meets, null)
}
