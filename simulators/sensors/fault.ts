import { z } from 'zod'

/** Seconds from a start that whoever applies the fault names. */
const seconds = z.number().nonnegative()
const span = {
  fromS: seconds.default(0).meta({ description: 's from the start' }),
  toS: seconds.optional().meta({ description: 's from the start; absent: to the end' }),
}
const share = z.number().min(0).max(1)

/** One fault of an instrument and its parameters; amounts are in the unit of the signal. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('noise'),
    ...span,
    sd: z.number().nonnegative().default(0).meta({ description: 'standard deviation' }),
    relativeSd: z
      .number()
      .nonnegative()
      .default(0)
      .meta({ description: 'standard deviation as a share of the value' }),
  }),
  z.strictObject({
    kind: z.literal('quantisation'),
    ...span,
    resolution: z.number().positive().meta({ description: 'values are multiples of it' }),
  }),
  z.strictObject({ kind: z.literal('bias'), offset: z.number(), gain: z.number().default(1) }),
  z.strictObject({
    kind: z.literal('drift'),
    ...span,
    perDay: z.number().meta({ description: 'grows by it; mended at the end of the span' }),
  }),
  z.strictObject({
    kind: z.literal('step'),
    ...span,
    offset: z.number().meta({ description: 'from one reading to the next; mended at the end' }),
  }),
  z.strictObject({
    kind: z.literal('spikes'),
    ...span,
    share: share.meta({ description: 'share of the readings that are spikes' }),
    height: z.number().meta({ description: 'largest; each has half of it to all of it' }),
    sign: z.enum(['up', 'down', 'both']).default('both'),
  }),
  z.strictObject({
    kind: z.literal('flat-line'),
    ...span,
  }),
  z.strictObject({
    kind: z
      .literal('fouling-bias')
      .meta({ description: 'a film that adds to the value until it is cleaned' }),
    fromS: seconds.default(0),
    cleanedAtS: seconds.optional(),
    perDay: z.number(),
  }),
  z.strictObject({
    kind: z
      .literal('fouling-damping')
      .meta({ description: 'a crust that the sensor sees through late, until it is cleaned' }),
    fromS: seconds.default(0),
    cleanedAtS: seconds.optional(),
    lagSPerDay: z
      .number()
      .positive()
      .meta({ description: 'the time constant of the response grows by it' }),
  }),
  z.strictObject({
    kind: z.literal('saturation'),
    ...span,
    low: z.number().optional().meta({ description: 'absent: no end' }),
    high: z.number().optional(),
  }),
  z.strictObject({
    kind: z.literal('battery-sag'),
    ...span,
    fullV: z.number().positive().default(12.6),
    perDayV: z.number().positive().meta({ description: 'volts lost a day; full again at the end' }),
    cutOffV: z.number().positive().meta({ description: 'below it no value is given' }),
  }),
  z.strictObject({
    kind: z.literal('clock'),
    ...span,
    offsetS: z.number().default(0).meta({ description: 'the stamp minus the true time' }),
    driftPpm: z
      .number()
      .min(-100_000)
      .max(100_000)
      .default(0)
      .meta({ description: 'the clock gains so many µs a second from the start of the span' }),
  }),
])

export type Fault = z.output<typeof faultSchema>
export type FaultKind = Fault['kind']
