import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { DAY_MS } from '../time.js'
import { day, type LabSample } from './lab-samples.js'
import { judgedPart, standingOf, type JudgedPart } from './judged-parts.js'
import { twelveMonths, type WaterBody } from './water-survey.js'

/** Days running with a sample a day, in each season (standards sheet 3.7.3, (unverified)). */
const MIN_DAYS = 40

const stretch = z
  .strictObject({ fromDay: day, toDay: day })
  .refine(({ fromDay, toDay }) => fromDay <= toDay, 'fromDay is not after toDay')

/** The other sampling plan of GB/T 51345: daily over a stretch of the dry and of the wet season. */
export const seasons = z
  .strictObject({ dry: stretch, wet: stretch })
  .nullable()
  .default(null)
  .meta({
    description: 'daily sampling over 40 days of each season, in place of twelve months',
  })

export type Seasons = z.output<typeof seasons>

/** What contradicts itself, for `superRefine`: both stretches lie in the twelve months. */
export function seasonFaults(
  given: { readonly fromMonth: string; readonly seasons: Seasons },
  context: z.RefinementCtx,
): void {
  if (given.seasons === null) return
  const months = twelveMonths(given.fromMonth)
  for (const season of ['dry', 'wet'] as const) {
    const ends = given.seasons[season]
    for (const field of ['fromDay', 'toDay'] as const) {
      if (months.includes(ends[field].slice(0, 7))) continue
      const message = `${ends[field]} is not within twelve months from ${given.fromMonth}`
      context.addIssue({ code: 'custom', path: ['seasons', season, field], message })
    }
  }
}

/** The months that are judged: all twelve, or those that the stretches touch. */
export function judgedMonths(fromMonth: string, given: Seasons): readonly string[] {
  const months = twelveMonths(fromMonth)
  if (given === null) return months
  const touches = (month: string, { fromDay, toDay }: z.output<typeof stretch>): boolean =>
    fromDay.slice(0, 7) <= month && month <= toDay.slice(0, 7)
  return months.filter((month) => touches(month, given.dry) || touches(month, given.wet))
}

/** Every point sampled on every day of both stretches, each of 40 days at least. */
export function dailyPart(
  { points }: WaterBody,
  samples: readonly LabSample[],
  given: NonNullable<Seasons>,
): JudgedPart {
  const rows = points.flatMap(({ section }) =>
    (['dry', 'wet'] as const).map((season) => {
      const { fromDay, toDay } = given[season]
      const length = (Date.parse(toDay) - Date.parse(fromDay)) / DAY_MS + 1
      const sampled = new Set(
        samples
          .filter((one) => one.section === section && one.day >= fromDay && one.day <= toDay)
          .map((one) => one.day),
      )
      const asked = Math.max(MIN_DAYS, length)
      const why = `${section} ${season} ${sampled.size} of ${asked} days`
      const meets = sampled.size >= asked ? true : null
      return { standing: standingOf(meets), why, section, season, days: sampled.size, asked }
    }),
  )
  return judgedPart('daily', text('连续逐日采样', 'daily sampling'), rows)
}
