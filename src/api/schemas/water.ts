import { z } from 'zod'
import { epochMs, flag, share, unit } from './parts.js'

/** Rain, flow and rain events. */

const steps = {
  stepMs: z.int(),
  fromMs: z.array(epochMs).meta({ description: 'start of every step of the window' }),
}

const quality = {
  coverage: z.array(share).meta({ description: 'share of the step that valid data cover' }),
  worstFlag: z.array(flag),
}

export const hyetographSchema = z
  .strictObject({
    gauge: z.string(),
    unit: z.literal('mm'),
    ...steps,
    depthMm: z.array(z.number().nullable()).meta({ description: 'null: no valid data' }),
    ...quality,
  })
  .meta({ id: 'Hyetograph' })

export const hydrographSchema = z
  .strictObject({
    sensor: z.string(),
    unit,
    ...steps,
    mean: z.array(z.number().nullable()).meta({ description: 'null: no valid data' }),
    max: z.array(z.number().nullable()),
    ...quality,
  })
  .meta({ id: 'Hydrograph' })

export const rainEventsSchema = z
  .strictObject({
    subject: z.strictObject({ kind: z.enum(['gauge', 'catchment']), id: z.string() }),
    interEventMs: z.int(),
    minDepthMm: z.number(),
    items: z.array(
      z.strictObject({
        fromMs: epochMs,
        toMs: epochMs,
        depthMm: z.number(),
        durationMs: z.int(),
        meanIntensityMmH: z.number(),
        peak60MmH: z.number().nullable(),
        peak30MmH: z.number().nullable(),
        peak5MmH: z.number().nullable(),
        antecedentDryMs: z.int().nullable(),
        coverage: share,
        worstFlag: flag,
      }),
    ),
  })
  .meta({ id: 'RainEvents' })
