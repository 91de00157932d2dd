import { z } from 'zod'
import type { Program } from './program.js'

const observationsSchema = z.object({
  items: z.array(
    z.object({
      atMs: z.number(),
      spanMs: z.number(),
      value: z.number().nullable(),
      flag: z.number(),
      origin: z.string(),
    }),
  ),
  next: z.string().nullable(),
})

export type ServedObservation = z.output<typeof observationsSchema>['items'][number]

/** One series as the API serves it, all pages. */
export async function observations(
  program: Program,
  series: string,
  window: { readonly fromMs: number; readonly toMs: number },
): Promise<ServedObservation[]> {
  const all: ServedObservation[] = []
  let cursor = ''
  for (;;) {
    const query = `from=${window.fromMs}&to=${window.toMs}&limit=10000${cursor}`
    const answer = await program.json(`/series/${series}/observations?${query}`)
    const { items, next } = observationsSchema.parse(answer)
    all.push(...items)
    if (next === null) return all
    cursor = `&cursor=${next}`
  }
}
