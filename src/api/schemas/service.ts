import { z } from 'zod'
import { sha256 } from './parts.js'

export const livenessSchema = z
  .strictObject({ status: z.literal('alive') })
  .meta({ id: 'Liveness' })

export const readinessSchema = z
  .strictObject({
    ready: z.literal(true),
    parts: z.array(z.string()).meta({ description: 'the parts that were asked' }),
  })
  .meta({ id: 'Readiness' })

export const memberStateSchema = z
  .strictObject({
    member: z
      .strictObject({ number: z.int(), of: z.int() })
      .nullable()
      .meta({ description: 'number k of N; null: not one of several' }),
    standby: z.boolean().meta({ description: 'true: waits to take over when the owner ends' }),
    registrySha256: sha256.nullable().meta({ description: 'of the registry in force' }),
  })
  .meta({ id: 'MemberState' })

export type MemberState = z.output<typeof memberStateSchema>
