import { z } from 'zod'
import { faultSchema } from '../sensors/fault.js'
import { cloggingSchema } from '../sensors/tipping-bucket.js'
import { DEVICE_KINDS, type DeviceKind } from './device-kinds.js'
import { MALFORMED_KINDS } from './malformed.js'
import { readYamlFile, type PathFault } from './yaml-faults.js'

/** `*` stands for any letters: `rain-*`, `*.level`. */
const pattern = z.string().min(1)
/** Seconds of the scenario's own time from its start. */
const seconds = z.number().nonnegative()
const share = z.number().min(0).max(1)

const group = z.strictObject({
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,40}$/, 'letters, digits and hyphens, at most 41'),
  count: z.int().min(1).max(20_000),
  kind: z.enum(Object.keys(DEVICE_KINDS) as [DeviceKind, ...DeviceKind[]]),
  model: z.enum(['senml-json', 'senml-cbor', 'plain-json']).default('senml-json'),
})

const inFlight = z
  .enum(['cut', 'awaited'])
  .default('cut')
  .meta({ description: 'whether acknowledgements under way are waited for before the line goes' })

const networkFault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('offline'),
    devices: pattern,
    fromS: seconds,
    toS: seconds,
    inFlight,
  }),
  z.strictObject({
    kind: z.literal('reboot'),
    devices: pattern,
    atS: seconds,
    clockSyncedAfterS: seconds
      .default(0)
      .meta({ description: 'so long the clock runs on from 2000-01-01T00:00:00Z' }),
    inFlight,
  }),
  z.strictObject({
    kind: z.literal('mass-reconnect'),
    devices: pattern,
    atS: seconds.meta({ description: 'all lose their line and come back at once, without ramp' }),
    inFlight,
  }),
  z.strictObject({
    kind: z.literal('lost-acks'),
    devices: pattern,
    share: share.meta({
      description: 'messages whose PUBACK is lost with the line, so that they are sent again (DUP)',
    }),
  }),
  z.strictObject({
    kind: z.literal('duplicates'),
    devices: pattern,
    share: share.meta({ description: 'messages that are sent twice, as two messages' }),
    laterByMessages: z.int().min(1).max(1_000).default(1),
  }),
  z.strictObject({
    kind: z.literal('reordering'),
    devices: pattern,
    withinMessages: z
      .int()
      .min(2)
      .max(1_000)
      .meta({ description: 'so many messages at a time go out in any order' }),
  }),
  z.strictObject({
    kind: z.literal('malformed'),
    devices: pattern,
    share: share.meta({ description: 'messages that are spoilt; what they held is not sent' }),
    as: z
      .array(z.enum(MALFORMED_KINDS))
      .min(1)
      .default([...MALFORMED_KINDS]),
  }),
])

export type NetworkFault = z.output<typeof networkFault>

/** What a fleet is, what it measures and what goes wrong. */
export const scenarioSchema = z.strictObject({
  format: z.literal(1),
  name: z.string().min(1),
  seed: z.int().nonnegative(),
  city: z.strictObject({
    file: z.string().min(1).optional().meta({ description: 'a registry, beside the scenario' }),
    generate: z
      .strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits, hyphens; at most 32')
          .default('fleet'),
        timeZone: z.string().default('Asia/Shanghai'),
        groups: z.array(group).min(1),
      })
      .optional(),
  }),
  time: z.strictObject({
    start: z.iso
      .datetime({ offset: true, error: 'a time with offset, e.g. 2026-06-01T00:00:00+08:00' })
      .optional()
      .meta({ description: 'absent: now in real time, else so that it ends now' }),
    durationS: z.number().positive(),
    stepS: z.int().min(1).meta({ description: 'between two readings of every sensor' }),
    pace: z.union([
      z.literal('asFastAsAcked'),
      z.strictObject({ realTimeFactor: z.number().positive() }),
    ]),
    spreadS: z
      .number()
      .nonnegative()
      .default(0)
      .meta({ description: 'in real time devices speak up to so much later, each at its moment' }),
  }),
  connection: z
    .strictObject({
      rampPerS: z
        .number()
        .positive()
        .nullable()
        .default(300)
        .meta({ description: 'connections a second; null: all at once' }),
      window: z.int().min(1).max(1_000).default(10),
      keepAliveS: z.int().min(1).max(65_535).default(60),
      ackWithinS: z.number().positive().default(20),
    })
    .prefault({}),
  limits: z
    .strictObject({
      seconds: z
        .number()
        .positive()
        .default(600)
        .meta({ description: 'what is not acknowledged so long after the start is given up' }),
      messages: z.int().positive().default(2_000_000),
    })
    .prefault({}),
  habits: z
    .array(
      z.strictObject({
        devices: pattern,
        readingsPerMessage: z.int().min(1).max(1_000).default(1),
        buffer: z
          .strictObject({
            messages: z.int().min(1).max(100_000).default(1_000),
            full: z.enum(['drops-oldest', 'drops-newest']).default('drops-oldest'),
          })
          .prefault({}),
      }),
    )
    .default([])
    .meta({ description: 'the last that matches a device counts' }),
  sensors: z
    .array(
      z.strictObject({
        sensors: pattern,
        faults: z.array(faultSchema).default([]),
        clogging: z.array(cloggingSchema).default([]),
        counterZeroedAtS: z
          .array(seconds)
          .default([])
          .meta({ description: 'reboots at which a counter begins at 0 again, ascending' }),
      }),
    )
    .default([])
    .meta({ description: 'all that match a sensor act, in this order' }),
  network: z.array(networkFault).default([]),
})

export type Scenario = z.output<typeof scenarioSchema>

/** Reads a scenario; throws BadFile with every fault and its line. */
export function readScenario(file: string, text: string): Scenario {
  return readYamlFile(file, text, scenarioSchema, contradictions)
}

function contradictions({ city, network, time }: Scenario): readonly PathFault[] {
  const faults: PathFault[] = []
  if ((city.file === undefined) === (city.generate === undefined)) {
    faults.push({ path: ['city'], message: 'either file or generate' })
  }
  for (const [index, fault] of network.entries()) {
    const path = ['network', index]
    if (fault.kind === 'offline' && fault.toS <= fault.fromS) {
      faults.push({ path: [...path, 'toS'], message: `is ${fault.toS}; after fromS it must be` })
    }
    const last = 'atS' in fault ? fault.atS : 'fromS' in fault ? fault.fromS : 0
    if (last >= time.durationS) {
      const message = `begins at ${last} s, the scenario ends at ${time.durationS} s`
      faults.push({ path, message })
    }
  }
  return faults
}

/** Whether a name is meant by a pattern. */
export function isMeant(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name
  const parts = pattern.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (name.length < first.length + last.length) return false
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > name.length - last.length) return false
    at = found + part.length
  }
  return true
}
