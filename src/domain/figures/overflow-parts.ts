import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { rounded } from '../rounding.js'
import { overflowControlRatio } from '../runoff/overflow.js'
import { blackOdourSample } from '../water-quality/black-odour-sample.js'
import { labMean, standing } from '../water-quality/lab-value.js'
import { asSamplings, day, labSample, labSampleOf, type LabSample } from './lab-samples.js'
import { judgedPart, standingOf, type JudgedPart, type JudgedRow } from './judged-parts.js'
import { blackOdourStanding } from './water-body-parts.js'
import type { WaterBody } from './water-survey.js'

/** GB/T 51345-2018 item 4, wet weather, as read in S9 (standards sheet 3.7.2). */
const OVERFLOW_RULE = { minControlRatio: 0.5, maxSolidsMgL: 50 } as const

const id = z.string().trim().min(1)

/** An outlet of combined or wrongly connected sewers over a year. */
export const overflowOutlet = z.strictObject({
  id,
  withoutMeasures: z.strictObject({
    volumeM3: z.number().positive(),
    by: z.enum(['model', 'year-before-scaled-by-rain']),
  }),
  untreatedM3: z.number().nonnegative(),
  treated: z
    .array(
      z.strictObject({
        day,
        sample: labSample
          .omit({ section: true, day: true, weather: true })
          .nullable()
          .default(null),
      }),
    )
    .meta({ description: 'every discharge of treated overflow; [] for none' }),
})

export type OverflowOutlet = z.output<typeof overflowOutlet>

/**
 * Overflow in wet weather: no body black-odorous in a sample within a day after moderate rain, or each
 * outlet with an annual overflow volume control ratio of at least 50 % and treated overflow of at most
 * 50 mg/L of solids by month. Either is enough.
 *
 * @param outlets null when not given; empty when there are none
 */
export function wetWeatherPart(
  outlets: readonly OverflowOutlet[] | null,
  bodies: readonly WaterBody[],
  afterRain: readonly LabSample[],
): JudgedPart {
  const name = text('雨天溢流', 'wet-weather overflow')
  if (outlets?.length === 0) {
    return judgedPart('wet-weather', name, [{ standing: 'not-asked', why: 'no outlet' }])
  }
  const water = judgedPart('after-rain', name, afterRainRows(bodies, afterRain))
  const control = judgedPart('control', name, (outlets ?? []).flatMap(outletRows))
  const ways = [water, control]
  const best = (['met', 'open', 'broken'] as const).find((one) =>
    ways.some((way) => way.standing === one),
  )
  const why = ways.map((way) => `${way.part} ${way.standing}: ${way.why ?? ''}`).join('; ')
  return { part: 'wet-weather', name, clause: 'must', standing: best ?? 'open', why, rows: ways }
}

function afterRainRows(bodies: readonly WaterBody[], samples: readonly LabSample[]) {
  return bodies.flatMap(({ id: body, points }): JudgedRow[] => {
    const rows = points.flatMap(({ section, depthCm }) =>
      asSamplings(samples.filter((one) => one.section === section)).map(
        ({ id: sample, values }) => {
          const { grade, best, reason } = blackOdourSample(values, depthCm)
          const standsTo = blackOdourStanding({ grade, best })
          const told = grade ?? reason ?? ''
          return { standing: standsTo, why: `${sample} ${told}`, sample, section, grade }
        },
      ),
    )
    return rows.length > 0 ? rows : [{ standing: 'open', why: `${body} not sampled after rain` }]
  })
}

function outletRows({ id: outlet, withoutMeasures, untreatedM3, treated }: OverflowOutlet) {
  const { volumeM3, by } = withoutMeasures
  const ratio = rounded(overflowControlRatio(volumeM3, untreatedM3) ?? 0)
  const controlled: JudgedRow & Record<string, unknown> = {
    standing: standingOf(ratio >= OVERFLOW_RULE.minControlRatio),
    why: `${outlet} control ratio ${ratio}`,
    ...{ outlet, ratio, withoutMeasures: volumeM3, by, untreatedM3 },
  }
  const days = treated.map((one) => ({ day: one.day, solids: solidsOf(one) }))
  const unsampled = days.filter(({ solids }) => solids === null)
  const months = [...new Set(days.map((one) => one.day.slice(0, 7)))].sort()
  const solids = months.map((month) => {
    const mean = labMean(
      days.filter((one) => one.day.startsWith(month)).flatMap((one) => one.solids ?? []),
    )
    const limit = { side: 'at-most', limit: OVERFLOW_RULE.maxSolidsMgL } as const
    const found = mean === null ? 'undecided' : standing(mean, limit)
    return {
      standing: standingOf(found === 'undecided' ? null : found === 'meets'),
      why: `${outlet} ${month} solids ${mean?.value ?? 'not sampled'}`,
      ...{ outlet, month, meanSolidsMgL: mean },
    }
  })
  return [
    controlled,
    ...solids,
    ...unsampled.map((one) => ({
      standing: 'open' as const,
      why: `${outlet} ${one.day} without an accredited solids test`,
    })),
  ]
}

function solidsOf({ sample }: OverflowOutlet['treated'][number]) {
  if (sample === null || sample.cmaNumber === null) return null
  return (
    labSampleOf({ ...sample, section: '', day: '', weather: null }).values.suspendedSolids ?? null
  )
}
