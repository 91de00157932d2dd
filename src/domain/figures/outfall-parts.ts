import { z } from 'zod'
import { text } from '../indicators/indicator.js'
import { day } from './lab-samples.js'
import { judgedPart, type JudgedPart } from './judged-parts.js'

/** Weather is dry after 48 h without rain of more than 0.2 mm (standards sheet 3.7.1, recommended). */
const DRY_AFTER_H = 48

const id = z.string().trim().min(1)

/** An outfall with what was seen at it, of one survey after another. */
export const surveyedOutfall = z.strictObject({
  id,
  sewer: z.enum(['storm', 'combined']),
  inspections: z.array(
    z.strictObject({
      day,
      dryHours: z.number().nonnegative().nullable().default(null).meta({
        description: 'hours since the last rain of more than 0.2 mm',
      }),
      discharge: z.enum(['none', 'clean-water', 'sewage']),
    }),
  ),
})

export type SurveyedOutfall = z.output<typeof surveyedOutfall>

/**
 * No discharge in dry weather. 635 indicator 6: no sewage from a storm sewer at any time, nothing at
 * all from a combined one in dry weather; GB/T 51345 item 4: no sewage in dry weather (both unverified).
 *
 * @param months YYYY-MM; what was seen at other times says nothing
 */
export function dryWeatherPart(
  { sewer, inspections }: SurveyedOutfall,
  rule: 'mohurd-635-2015' | 'gbt-51345-2018',
  months: readonly string[],
): JudgedPart {
  const name = text('旱天无直排', 'no dry-weather discharge')
  const within = inspections.filter((one) => months.includes(one.day.slice(0, 7)))
  const rows = within.map(({ day: on, dryHours, discharge }) => {
    const isDry = dryHours !== null && dryHours >= DRY_AFTER_H
    const of635 = rule === 'mohurd-635-2015'
    const breaks =
      of635 && sewer === 'combined'
        ? isDry && discharge !== 'none'
        : (isDry || of635) && discharge === 'sewage'
    const standing = breaks ? 'broken' : isDry ? 'met' : 'not-asked'
    return { standing, why: `${on} ${discharge}`, day: on, dryHours, discharge } as const
  })
  const seen = rows.some(({ standing }) => standing === 'met' || standing === 'broken')
  const unseen = { standing: 'open', why: `no inspection after ${DRY_AFTER_H} dry hours` } as const
  return judgedPart('dry-weather', name, seen ? rows : [...rows, unseen])
}

export const treatment = z
  .union([z.literal('none'), z.strictObject({ by: id })])
  .nullable()
  .default(null)
  .meta({ description: 'what treats stormwater and overflow on the way into the inner river' })

/** Stormwater and overflow are treated before they reach an inner river (635 indicator 6, unverified). */
export function treatmentPart(given: z.output<typeof treatment>): JudgedPart {
  const name = text('入河治理', 'treatment')
  if (given === null) {
    return judgedPart('treatment', name, [{ standing: 'open', why: 'treatment is not stated' }])
  }
  return given === 'none'
    ? judgedPart('treatment', name, [{ standing: 'broken', why: 'none' }])
    : judgedPart('treatment', name, [{ standing: 'met', why: given.by }])
}
