import { z } from 'zod'

/**
 * What the page reads of the HTTP API, in one place: the page takes only the types (so nothing of
 * zod reaches the browser), and test/browser holds every schema against what the running service
 * really answers. Fields the page does not read are left out; answers may have more.
 */

export const textSchema = z.object({ zh: z.string(), en: z.string() })
export type Text = z.output<typeof textSchema>

const atMs = z.int()

/** QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing. */
const flagSchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(9)])
export type Flag = z.output<typeof flagSchema>

const metering = z.object({
  state: z.enum(['metered', 'shut', 'unmetered']),
  from: z.string(),
  to: z.string().optional(),
  sensor: z.string().optional(),
})

export const citySchema = z.object({
  registry: z.object({ sha256: z.string(), seq: z.int() }),
  city: z.object({ id: z.string(), name: textSchema, timeZone: z.string() }),
  drainageZones: z.array(z.object({ id: z.string(), name: textSchema })),
  catchments: z.array(
    z.object({
      id: z.string(),
      name: textSchema,
      zone: z.string(),
      gauges: z.array(z.object({ sensor: z.string(), weight: z.number() })),
    }),
  ),
  outfalls: z.array(
    z.object({
      id: z.string(),
      name: textSchema,
      zone: z.string(),
      catchments: z.array(z.string()),
      metering: z.array(metering),
    }),
  ),
  pondingPoints: z.array(
    z.object({ id: z.string(), name: textSchema, zone: z.string(), sensor: z.string() }),
  ),
  stations: z.array(z.object({ id: z.string(), name: textSchema })),
})
export type City = z.output<typeof citySchema>

export const seriesListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      device: z.string(),
      station: z.string(),
      quantity: z.string(),
      quantityName: textSchema,
      unit: z.string(),
      reporting: z.discriminatedUnion('type', [
        z.object({ type: z.literal('periodic'), intervalS: z.number() }),
        z.object({ type: z.literal('on-change'), heartbeatS: z.number() }),
      ]),
    }),
  ),
})
export type Series = z.output<typeof seriesListSchema>['items'][number]

export const latestSchema = z.object({
  items: z.array(
    z.object({
      series: z.string(),
      atMs,
      value: z.number().nullable(),
      unit: z.string(),
      flag: flagSchema,
      origin: z.string(),
    }),
  ),
})
export type Latest = z.output<typeof latestSchema>['items'][number]

export const hyetographSchema = z.object({
  gauge: z.string(),
  unit: z.string(),
  stepMs: z.int(),
  fromMs: z.array(atMs),
  depthMm: z.array(z.number().nullable()),
  coverage: z.array(z.number()),
  worstFlag: z.array(flagSchema),
})
export type Hyetograph = z.output<typeof hyetographSchema>

export const hydrographSchema = z.object({
  sensor: z.string(),
  unit: z.string(),
  stepMs: z.int(),
  fromMs: z.array(atMs),
  mean: z.array(z.number().nullable()),
  max: z.array(z.number().nullable()),
  coverage: z.array(z.number()),
  worstFlag: z.array(flagSchema),
})
export type Hydrograph = z.output<typeof hydrographSchema>

export const eventsSchema = z.object({
  items: z.array(
    z.object({
      fromMs: atMs,
      toMs: atMs,
      depthMm: z.number(),
      durationMs: z.int(),
      peak60MmH: z.number().nullable(),
      peak5MmH: z.number().nullable(),
      coverage: z.number(),
      worstFlag: flagSchema,
    }),
  ),
})
export type RainEvent = z.output<typeof eventsSchema>['items'][number]

const cell = z.union([z.number(), z.string(), z.boolean(), z.null()])

export const verdictSchema = z.enum([
  'PASS',
  'FAIL',
  'CONDITIONAL',
  'NOT_EVALUATED',
  'NOT_APPLICABLE',
])
export type VerdictCode = z.output<typeof verdictSchema>

export const indicatorResultSchema = z.object({
  indicator: z.string(),
  version: z.int(),
  title: textSchema,
  clause: z.array(textSchema),
  formula: textSchema,
  subject: z.object({ kind: z.string(), id: z.string() }),
  window: z.object({ fromMs: atMs, toMs: atMs }),
  value: z.number().nullable(),
  unit: z.string(),
  verdict: verdictSchema,
  reason: textSchema,
  coverage: z.object({ share: z.number(), basis: textSchema }).nullable(),
  uncertainty: z
    .object({
      lower: z.number(),
      upper: z.number(),
      confidence: z.number(),
      method: textSchema,
    })
    .nullable(),
  withoutSuspect: z.object({ value: z.number().nullable(), verdict: verdictSchema }).nullable(),
  inputs: z.array(
    z.object({
      role: z.string(),
      series: z.string(),
      fromMs: atMs,
      toMs: atMs,
      count: z.int(),
      sha256: z.string(),
    }),
  ),
  parameters: z.record(z.string(), cell),
  table: z.array(z.record(z.string(), cell)),
  parts: z.array(
    z.object({
      name: z.string(),
      value: z.number().nullable(),
      unit: z.string(),
      members: z.array(z.string()),
    }),
  ),
  notes: z.array(z.object({ code: z.string(), text: textSchema })),
})
export type IndicatorResult = z.output<typeof indicatorResultSchema>

export const ledgerSchema = z.object({
  totals: z.object({
    received: z.int(),
    projected: z.int(),
    refused: z.int(),
    inFlight: z.int(),
    messageDifference: z.int(),
    decoded: z.int(),
    inserted: z.int(),
    duplicate: z.int(),
    revised: z.int(),
    observationsRefused: z.int(),
    observationDifference: z.int(),
  }),
  closes: z.boolean(),
  missing: z.array(
    z.object({
      who: z.string(),
      why: z.enum(['silent', 'no-address', 'waits', 'other-share', 'twice']),
    }),
  ),
})
export type LedgerSums = z.output<typeof ledgerSchema>

export const refusalsSchema = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      seq: z.int(),
      index: z.int().nullable(),
      device: z.string(),
      topic: z.string(),
      arrivalMs: atMs,
      code: z.string(),
      meaning: z.string(),
      reason: z.string(),
      payloadBytes: z.int(),
      payloadBase64: z.string(),
      payloadText: z.string().nullable(),
    }),
  ),
  counts: z.record(z.string(), z.int()),
})
export type Refusals = z.output<typeof refusalsSchema>
export type Refusal = Refusals['items'][number]

export const devicesSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      station: z.string(),
      model: z.string(),
      clock: z.string(),
      state: z.enum(['online', 'late', 'silent', 'never', 'removed', 'unknown']),
      connection: z.enum(['online', 'offline']).nullable(),
      lastArrivalMs: atMs.nullable(),
      lastAtMs: atMs.nullable(),
      clockOffsetMs: z.number().nullable(),
      messages: z.int(),
      missing: z
        .object({
          messages: z.int(),
          restarts: z.int(),
          gaps: z.array(z.object({ afterNumber: z.int(), beforeNumber: z.int() })),
        })
        .nullable(),
      expectedEveryMs: z.int(),
      enrolled: z.boolean(),
    }),
  ),
})
export type DeviceHealth = z.output<typeof devicesSchema>['items'][number]

export const liveEventSchema = z.object({
  id: z.int(),
  observations: z.array(
    z.object({
      series: z.string(),
      atMs,
      value: z.number().nullable(),
      flag: flagSchema,
      origin: z.string(),
      outcome: z.enum(['inserted', 'duplicate', 'revised', 'refused']),
    }),
  ),
  refused: z.int(),
})
export type LiveEvent = z.output<typeof liveEventSchema>

/** RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
})
export type Problem = z.output<typeof problemSchema>
