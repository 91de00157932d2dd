import { z } from 'zod'
import { registrySchema } from '../../domain/city/registry.js'
import { QUANTITIES, QUANTITY_NAMES } from '../../domain/quantity.js'
import { epochMs, flag, names, nextCursor, origin, unit } from './parts.js'

const sensor = registrySchema.shape.devices.element.shape.sensors.element.shape
const MEASURES = [...new Set(Object.values(QUANTITIES).map((quantity) => quantity.measure))]

const seriesSchema = z
  .strictObject({
    id: z.string(),
    device: z.string(),
    station: z.string(),
    field: z.string(),
    quantity: z.enum(QUANTITY_NAMES),
    quantityName: names,
    unit,
    measure: z
      .enum(MEASURES)
      .meta({ description: 'a total adds up over time, a state is sampled' }),
    kind: sensor.kind,
    reporting: sensor.reporting,
    limits: sensor.limits
      .unwrap()
      .nullable()
      .meta({ description: 'declared gross range; null: the quantity’s default' }),
  })
  .meta({ id: 'Series' })

export const seriesListSchema = z
  .strictObject({ items: z.array(seriesSchema) })
  .meta({ id: 'SeriesList' })

export const latestListSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        series: z.string(),
        atMs: epochMs,
        value: z.number().nullable(),
        unit,
        flag,
        origin,
      }),
    ),
  })
  .meta({ id: 'LatestList' })

export const observationsSchema = z
  .strictObject({
    series: z.string(),
    unit,
    items: z.array(
      z.strictObject({
        atMs: epochMs.meta({ description: 'UTC epoch ms: the instant, or the end of the span' }),
        spanMs: z.int().meta({ description: 'span that ends at atMs; 0 for instants' }),
        value: z.number().nullable(),
        flag,
        origin,
      }),
    ),
    next: nextCursor,
  })
  .meta({ id: 'Observations' })

export const stepsSchema = z
  .strictObject({
    series: z.string(),
    unit,
    stepMs: z.int(),
    fromMs: z.array(epochMs).meta({ description: 'start of each step that has observations' }),
    count: z.array(z.int()),
    sum: z.array(z.number()),
    mean: z
      .array(z.number().nullable())
      .meta({ description: 'null, as min and max, where every value failed' }),
    min: z.array(z.number().nullable()),
    max: z.array(z.number().nullable()),
    flag: z.array(flag).meta({ description: 'worst flag of each step, 9 < 2 < 1 < 3 < 4' }),
  })
  .meta({ id: 'Steps' })

export const revisionsSchema = z
  .strictObject({
    series: z.string(),
    unit,
    items: z.array(
      z.strictObject({
        atMs: epochMs,
        value: z.number().nullable(),
        rank: z
          .number()
          .nullable()
          .meta({ description: 'device sequence or message stamp; null without one' }),
        origin,
        seq: z.int().meta({ description: 'journal entry that first brought this value' }),
        current: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Revisions' })

export type Series = z.output<typeof seriesSchema>
