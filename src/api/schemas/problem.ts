import { z } from 'zod'

const fault = z.strictObject({
  field: z.string().meta({ description: 'parameter, header or path in the body' }),
  value: z.string().nullable().meta({ description: 'what was found, cut to 200 characters' }),
  expected: z.string().meta({ description: 'what would be right' }),
  file: z.string().optional().meta({ description: 'file that was sent, where there are several' }),
  line: z.int().optional().meta({ description: 'line in the text that was sent, from 1' }),
})

/** An error as RFC 9457 wants it. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'URI reference that names the kind of problem' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'path and query that were asked for' }),
    errors: z.array(fault).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

export type Problem = z.output<typeof problemSchema>
export type ProblemFault = z.output<typeof fault>
