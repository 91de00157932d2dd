import { z } from 'zod'

export const livenessSchema = z
  .strictObject({ status: z.literal('alive') })
  .meta({ id: 'Liveness' })

export const readinessSchema = z
  .strictObject({
    ready: z.literal(true),
    parts: z.array(z.string()).meta({ description: 'the parts that were asked' }),
  })
  .meta({ id: 'Readiness' })
