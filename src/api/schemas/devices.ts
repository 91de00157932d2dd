import { z } from 'zod'
import { DEVICE_HEALTH } from '../../domain/device-health.js'
import { epochMs } from './parts.js'

export const deviceListSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        station: z.string(),
        model: z.string(),
        clock: z.enum(['own', 'none']),
        state: z.enum([...DEVICE_HEALTH, 'unknown']).meta({
          description:
            'online: heard of within 2 expected intervals; late: within 10; silent: not for longer; never: not yet; removed: no longer installed; unknown: the process that takes its messages does not answer',
        }),
        connection: z
          .enum(['online', 'offline'])
          .nullable()
          .meta({ description: 'what the device last said of itself (birth, last will)' }),
        lastArrivalMs: epochMs.nullable(),
        lastAtMs: epochMs.nullable().meta({ description: 'newest time in its messages' }),
        clockOffsetMs: z
          .int()
          .nullable()
          .meta({ description: 'arrival − stamp, the least of its newest hour' }),
        messages: z.int(),
        missing: z
          .strictObject({
            messages: z.int().meta({ description: 'numbered by the device, and never come' }),
            restarts: z.int().meta({ description: 'how often it began to count anew' }),
            gaps: z
              .array(
                z.strictObject({
                  afterNumber: z.int(),
                  beforeNumber: z.int(),
                  missing: z.int(),
                  dayMs: epochMs.meta({ description: 'UTC day of the number after the gap' }),
                }),
              )
              .meta({ description: 'the newest, at most 20' }),
          })
          .nullable()
          .meta({
            description:
              'by the numbers of its messages, over the 30 days up to its newest; null: it does not number them',
          }),
        expectedEveryMs: z
          .int()
          .meta({ description: 'shortest interval or heartbeat it declares' }),
        enrolled: z.boolean().meta({ description: 'whether a secret was issued for it' }),
      }),
    ),
  })
  .meta({ id: 'DeviceList' })

export type DeviceList = z.input<typeof deviceListSchema>

export const deviceSecretSchema = z
  .strictObject({ device: z.string(), secret: z.string() })
  .meta({ id: 'DeviceSecret' })
