import { z } from 'zod'

const skill = z.strictObject({
  event: z.string().min(1).meta({ description: 'name or date of the rain event' }),
  nse: z.number().max(1),
  volumeError: z.number().optional(),
  peakError: z.number().optional(),
})

/** What is handed in of a model (form F9 of standards sheet 10.4). */
export const modelCardSchema = z.strictObject({
  software: z.string().min(1),
  version: z.string().min(1),
  stepMin: z.number().positive(),
  rainYears: z.number().positive(),
  ratio: z.number().min(0).max(1).meta({ description: 'modelled volume capture ratio' }),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
  calibration: z.array(skill),
  verification: z.array(skill),
})

export type ModelCard = z.output<typeof modelCardSchema>

/** What GB/T 51345-2018 asks of a model (standards sheet 3.4.4, (unverified)). */
export const MODEL_RULE = { minRainYears: 10, minEvents: 2, minNse: 0.5, maxStepMin: 60 } as const

/** Why a model does not stand, each as a word with its figure; empty when it does. */
export function modelFaults(card: ModelCard, rule = MODEL_RULE): readonly string[] {
  const faults: string[] = []
  if (card.rainYears < rule.minRainYears) {
    faults.push(`rain_years: ${card.rainYears} of at least ${rule.minRainYears}`)
  }
  if (card.stepMin > rule.maxStepMin) {
    faults.push(`step: ${card.stepMin} min of at most ${rule.maxStepMin}`)
  }
  for (const use of ['calibration', 'verification'] as const) {
    const events = card[use]
    if (events.length < rule.minEvents) {
      faults.push(`${use}: ${events.length} events of at least ${rule.minEvents}`)
    }
    for (const { event, nse } of events) {
      if (nse < rule.minNse) faults.push(`${use}: NSE ${nse} of ${event}, at least ${rule.minNse}`)
    }
  }
  const calibrated = new Set(card.calibration.map(({ event }) => event))
  for (const { event } of card.verification) {
    if (calibrated.has(event))
      faults.push(`same_event: ${event} serves calibration and verification`)
  }
  return faults
}
