import { z } from 'zod'
import { schemeSchema } from '../../domain/scheme/scheme.js'

export const schemeListSchema = z
  .strictObject({ items: z.array(schemeSchema) })
  .meta({ id: 'SchemeList' })
