import { z } from 'zod'
import { textSchema, verdictSchema } from '../indicators/result.js'
import { FIGURE_FORMULA_IDS } from '../figures/figure-formula.js'

/**
 * An evaluation scheme as data: which items, by which document and edition, what proves each, what
 * it scores, and what fails the whole. Nothing of a scheme is in code.
 */

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$/, 'letters, digits, points, hyphens')
const share = z.number().min(0).max(1)

/** How the values of several subjects become one: ratios of areas only where the document says so. */
const combine = z.enum(['least', 'greatest', 'area-weighted'])

const proof = z.discriminatedUnion('by', [
  z
    .strictObject({
      by: z.literal('indicator'),
      indicator: z.string().min(1),
      subjects: z.enum(['zone', 'outfall', 'ponding-point', 'catchment', 'city']),
      parameters: z.record(z.string(), z.string()).default({}),
      combine: combine.default('least'),
    })
    .meta({ description: 'computed from telemetry for every subject of a kind' }),
  z
    .strictObject({
      by: z.literal('statement'),
      evidence: z.array(z.strictObject({ slot: id, name: textSchema })).min(1),
      unit: z.string().default('').meta({ description: 'UCUM code of the value stated, if any' }),
    })
    .meta({ description: 'stated by a person, with evidence in named slots' }),
  z
    .strictObject({
      by: z.literal('figures'),
      formula: z.enum(FIGURE_FORMULA_IDS),
      combine: combine.default('least'),
      evidence: z.array(z.strictObject({ slot: id, name: textSchema })).min(1),
    })
    .meta({
      description:
        'computed from figures that a statement brings: of meters, ledgers, audit sheets',
    }),
])

const rule = z.discriminatedUnion('rule', [
  z
    .strictObject({ rule: z.literal('verdict'), conditional: share.default(0) })
    .meta({ description: 'PASS earns all, CONDITIONAL the share given, anything else nothing' }),
  z
    .strictObject({ rule: z.literal('linear'), none: z.number(), full: z.number() })
    .refine(({ none, full }) => none !== full, 'none and full are different values')
    .meta({ description: 'from the value that earns nothing straight to the one that earns all' }),
  z
    .strictObject({
      rule: z.literal('cut-offs'),
      steps: z.array(z.strictObject({ atLeast: z.number(), share })).min(1),
    })
    .meta({
      description: 'the share of the highest step the value reaches; none below the lowest',
    }),
  z
    .strictObject({ rule: z.literal('subjects-passing') })
    .meta({ description: 'the share of the subjects that pass; those not evaluated do not' }),
  z
    .strictObject({ rule: z.literal('self-score') })
    .meta({ description: 'the points that the statement gives, with its justification' }),
])

const item = z.strictObject({
  id,
  name: textSchema,
  group: id,
  binding: z.enum(['binding', 'encouraged']).meta({
    description: 'binding (约束性, 考核) items decide; encouraged (鼓励性, 考查) ones are reported',
  }),
  level: z.enum(['city', 'zone']).meta({ description: 'whether it is judged zone by zone' }),
  requirement: textSchema,
  clause: textSchema,
  tag: z.string().min(1).meta({ description: 'key of sources: where it was read' }),
  conditional: z
    .boolean()
    .default(false)
    .meta({ description: 'a 不宜 clause: a FAIL may become CONDITIONAL with accepted proof' }),
  proof,
  score: z.strictObject({ max: z.number().positive(), how: rule }).optional(),
})

const veto = z.strictObject({
  item: id,
  when: z.union([
    z.strictObject({ verdict: verdictSchema }),
    z.strictObject({ below: z.number() }),
  ]),
  reason: textSchema,
})

export const schemeSchema = z
  .strictObject({
    format: z.literal(1),
    id,
    name: textSchema,
    issuedBy: textSchema,
    document: z.string().min(1).nullable(),
    edition: z.string().min(1),
    weights: z.enum(['official', 'operator', 'none']).meta({
      description: 'whose the points are; operator: our own, and every score says so',
    }),
    sources: z.record(z.string(), z.string().min(1)),
    groups: z.array(z.strictObject({ id, name: textSchema })).min(1),
    items: z.array(item).min(1),
    vetoes: z.array(veto).default([]),
  })
  .superRefine((scheme, context) => {
    for (const fault of contradictions(scheme)) context.addIssue({ code: 'custom', ...fault })
  })

export type Scheme = z.output<typeof schemeSchema>
export type SchemeItem = Scheme['items'][number]

interface Contradiction {
  readonly path: (string | number)[]
  readonly message: string
}

function contradictions(scheme: {
  readonly weights: 'official' | 'operator' | 'none'
  readonly sources: Readonly<Record<string, string>>
  readonly groups: readonly { readonly id: string }[]
  readonly items: readonly z.output<typeof item>[]
  readonly vetoes: readonly { readonly item: string }[]
}): readonly Contradiction[] {
  const found: Contradiction[] = []
  const groups = new Set(scheme.groups.map((group) => group.id))
  const items = new Set<string>()
  for (const [i, { id: itemId, group, tag, score, proof: shown }] of scheme.items.entries()) {
    const at = (field: string, message: string): void => {
      found.push({ path: ['items', i, field], message })
    }
    if (items.has(itemId)) at('id', `${itemId} is there twice`)
    items.add(itemId)
    if (!groups.has(group)) at('group', `${group} is not among groups`)
    if (scheme.sources[tag] === undefined) at('tag', `${tag} is not among sources`)
    if (score !== undefined && scheme.weights === 'none') {
      at('score', 'a scheme without weights scores nothing; weights say whose the points are')
    }
    if (score?.how.rule === 'self-score' && shown.by !== 'statement') {
      at('score', 'only a statement scores itself')
    }
  }
  if (scheme.weights !== 'none' && scheme.items.every(({ score }) => score === undefined)) {
    found.push({ path: ['weights'], message: 'no item has a score; weights: none' })
  }
  for (const [i, veto] of scheme.vetoes.entries()) {
    if (items.has(veto.item)) continue
    found.push({ path: ['vetoes', i, 'item'], message: `${veto.item} is not among items` })
  }
  return found
}
