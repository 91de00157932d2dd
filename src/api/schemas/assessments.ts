import { z } from 'zod'
import { changeSchema } from '../../domain/scheme/compared.js'
import { sealedAssessmentSchema } from '../../domain/scheme/assessment.js'
import { keptAssessmentSchema } from '../../domain/scheme/kept-assessment.js'
import { schemeSchema } from '../../domain/scheme/scheme.js'
import { missing } from './books.js'

export const schemeListSchema = z
  .strictObject({ items: z.array(schemeSchema) })
  .meta({ id: 'SchemeList' })

const versionSchema = keptAssessmentSchema
  .safeExtend({
    version: z.int().positive().meta({ description: 'place among those of its scheme and window' }),
    previous: z.int().nullable().meta({ description: 'id of the version before' }),
  })
  .meta({ id: 'AssessmentVersion' })

export const assessmentVersionListSchema = z
  .strictObject({ items: z.array(versionSchema), missing })
  .meta({ id: 'AssessmentVersionList' })

export const assessmentChangesSchema = z
  .strictObject({
    before: z.int().nullable().meta({ description: 'id compared with; null for a first version' }),
    after: z.int(),
    changes: z.array(changeSchema),
  })
  .meta({ id: 'AssessmentChanges' })

export const keptReceiptSchema = z
  .strictObject({
    isNew: z.boolean().meta({ description: 'false: the newest version is the same' }),
    version: versionSchema,
    changes: z
      .array(changeSchema)
      .meta({ description: 'since the version before; none of a first' }),
    sealed: sealedAssessmentSchema,
  })
  .meta({ id: 'KeptReceipt' })
