import { expect, test } from 'vitest'
import type { Verdict } from '../../../../../src/domain/indicators/result.js'
import type { FormulaOutcome } from '../../../../../src/domain/figures/figure-formula.js'
import {
  figuresFinding,
  itemJudgement,
  statedFinding,
  withProof,
  type Finding,
} from '../../../../../src/domain/scheme/finding.js'
import { complianceArea, overall, zoneVerdicts } from '../../../../../src/domain/scheme/overall.js'
import { groupScores, scoreOf, type JudgedItem } from '../../../../../src/domain/scheme/score.js'
import { schemeSchema, type Scheme } from '../../../../../src/domain/scheme/scheme.js'
import { statementSchema } from '../../../../../src/domain/scheme/statement.js'

const words = (word: string) => ({ zh: word, en: word })

const common = {
  binding: 'binding',
  requirement: words('r'),
  clause: words('c'),
  tag: 'own',
} as const

const SCHEME: Scheme = schemeSchema.parse({
  format: 1,
  id: 's',
  name: words('s'),
  issuedBy: words('i'),
  document: null,
  edition: '1',
  weights: 'operator',
  sources: { own: 'own' },
  groups: [
    { id: 'runoff', name: words('runoff') },
    { id: 'security', name: words('security') },
  ],
  items: [
    {
      ...common,
      id: 'ratio',
      name: words('ratio'),
      group: 'runoff',
      level: 'zone',
      conditional: true,
      proof: {
        by: 'indicator',
        indicator: 'measured-capture-ratio',
        subjects: 'zone',
        combine: 'area-weighted',
      },
      score: { max: 40, how: { rule: 'linear', none: 0.5, full: 0.75 } },
    },
    {
      ...common,
      id: 'points',
      name: words('points'),
      group: 'security',
      level: 'zone',
      proof: { by: 'indicator', indicator: 'ponding', subjects: 'ponding-point' },
      score: { max: 40, how: { rule: 'subjects-passing' } },
    },
    {
      ...common,
      id: 'papers',
      name: words('papers'),
      group: 'runoff',
      level: 'city',
      binding: 'encouraged',
      proof: { by: 'statement', evidence: [{ slot: 'document', name: words('document') }] },
      score: { max: 20, how: { rule: 'self-score' } },
    },
  ],
  vetoes: [{ item: 'ratio', when: { below: 0.3 }, reason: words('too little') }],
})

const finding = (
  subject: string,
  zone: string | null,
  verdict: Verdict,
  value: number | null,
  areaM2: number | null = null,
): Finding => ({ subject, zone, verdict, value, areaM2, reason: words(verdict) })

function judged(id: string, findings: readonly Finding[], selfScore: number | null = null) {
  const item = SCHEME.items.find((candidate) => candidate.id === id)
  if (item === undefined) throw new Error(id)
  return { item, findings, selfScore, ...itemJudgement(item, findings) } satisfies JudgedItem
}

/** Zone A of 3 hm² at 0.60, zone B of 1 hm² at 0.80: 0.65 by area, 0.6 of the way from 0.50 to 0.75. */
const RATIO = judged('ratio', [
  finding('A', 'A', 'FAIL', 0.6, 30_000),
  finding('B', 'B', 'PASS', 0.8, 10_000),
])
const POINTS = judged('points', [
  finding('P1', 'A', 'PASS', 90),
  finding('P2', 'A', 'NOT_EVALUATED', null),
  finding('P3', 'A', 'NOT_APPLICABLE', null),
])
const PAPERS = judged('papers', [finding('city', null, 'PASS', null)], 15)

test('points by value, by passing subjects and by self-score', () => {
  expect(RATIO).toMatchObject({ verdict: 'FAIL', value: 0.65 })
  expect(POINTS).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  const { score, reachable, points, applicable, steps } = scoreOf([RATIO, POINTS, PAPERS])
  // 0.6 · 40 + nothing for what is not evaluated + 15, of 100.
  expect(points).toBeCloseTo(39, 9)
  expect(applicable).toBe(100)
  expect(score).toBeCloseTo(39, 9)
  expect(reachable).toBe(60)
  expect(steps.map((step) => step.share?.toFixed(2))).toEqual(['0.60', '0.00', '0.75'])
  const evaluated = judged('points', [
    finding('P1', 'A', 'PASS', 90),
    finding('P2', 'A', 'FAIL', 200),
  ])
  expect(scoreOf([evaluated]).score).toBe(50)
  const groups = groupScores(SCHEME, [RATIO, POINTS, PAPERS])
  expect(groups.map(({ group, score: own }) => [group, own.score?.toFixed(6)])).toEqual([
    ['runoff', '65.000000'],
    ['security', '0.000000'],
  ])
})

test('only what does not apply leaves the total', () => {
  const none = judged('points', [finding('P1', 'A', 'NOT_APPLICABLE', null)])
  expect(scoreOf([RATIO, none, PAPERS])).toMatchObject({ applicable: 60, reachable: 100 })
  expect(scoreOf([RATIO, none, PAPERS]).score).toBeCloseTo((100 * 39) / 60, 9)
  expect(scoreOf([none]).score).toBeNull()
  // No subject at all is not the same as none that applies.
  expect(judged('points', []).verdict).toBe('NOT_EVALUATED')
})

test('one unknown value leaves a mean unknown, and earns nothing', () => {
  const half = judged('ratio', [
    finding('A', 'A', 'NOT_EVALUATED', null, 30_000),
    finding('B', 'B', 'PASS', 0.8, 10_000),
  ])
  expect(half).toMatchObject({ verdict: 'NOT_EVALUATED', value: null })
  expect(scoreOf([half]).points).toBe(0)
})

test('zones comply when every binding item of theirs passes; a zone without a point answers for none', () => {
  const zones = zoneVerdicts(
    [RATIO, POINTS, PAPERS],
    [
      { id: 'A', areaM2: 30_000 },
      { id: 'B', areaM2: 10_000 },
    ],
  )
  expect(zones).toEqual([
    { zone: 'A', areaM2: 30_000, verdict: 'FAIL', open: ['ratio', 'points'] },
    { zone: 'B', areaM2: 10_000, verdict: 'PASS', open: [] },
  ])
  expect(complianceArea(zones, null)).toEqual({
    basis: 'catchments',
    areaM2: 40_000,
    compliantM2: 10_000,
    share: 0.25,
    reachableShare: 0.25,
  })
  // Half of the built-up area lies in no zone.
  expect(complianceArea(zones, 80_000)).toMatchObject({ basis: 'built-up-area', share: 0.125 })
})

test('binding items decide, a veto fails the whole', () => {
  expect(overall(SCHEME, [RATIO, POINTS, PAPERS]).verdict).toBe('FAIL')
  const good = judged('ratio', [finding('B', 'B', 'PASS', 0.8, 1)])
  const cured = judged('points', [finding('P1', 'B', 'PASS', 20)])
  const open = judged('papers', [finding('city', null, 'NOT_EVALUATED', null)])
  expect(overall(SCHEME, [good, cured, open])).toMatchObject({ verdict: 'PASS', vetoed: [] })
  const low = judged('ratio', [finding('B', 'B', 'PASS', 0.29, 1)])
  expect(overall(SCHEME, [low, cured, open])).toMatchObject({
    verdict: 'FAIL',
    vetoed: [{ item: 'ratio' }],
  })
})

const STATED = { item: 'ratio', justification: 'costs', statedBy: 'A. Engineer' }
const PROOF = [{ slot: 'comparison', title: 'techno-economic comparison' }]

test.each([
  ['with proof and acceptance', { evidence: PROOF, acceptedBy: 'E. Valuator' }, 'CONDITIONAL'],
  ['without acceptance', { evidence: PROOF }, 'FAIL'],
  ['without proof', { acceptedBy: 'E. Valuator' }, 'FAIL'],
])('a 不宜 clause that fails, %s', (_, more, verdict) => {
  const statement = statementSchema.parse({ ...STATED, ...more })
  const failed = finding('A', 'A', 'FAIL', 0.6)
  expect(withProof(RATIO.item, failed, statement).verdict).toBe(verdict)
  // A clause that must be met stays failed, and what passes stays passed.
  expect(withProof(POINTS.item, failed, statement).verdict).toBe('FAIL')
  expect(withProof(RATIO.item, finding('A', 'A', 'PASS', 0.8), statement).verdict).toBe('PASS')
})

test('figures that fail a 不宜 clause may be made up for, those that fail one that must be met may not', () => {
  const city = { id: 'city', zone: null, areaM2: null }
  const accepted = statementSchema.parse({ ...STATED, evidence: PROOF, acceptedBy: 'E. Valuator' })
  const outcome = (breaksMust: boolean): FormulaOutcome => ({
    ...{ value: 0.6, verdict: 'FAIL', reason: words('r'), unverified: false, steps: {} },
    breaksMust,
  })
  const verdict = (breaksMust: boolean) =>
    figuresFinding(RATIO.item, city, accepted, outcome(breaksMust)).verdict
  expect([verdict(false), verdict(true)]).toEqual(['CONDITIONAL', 'FAIL'])
})

test('a veto that nobody can tell keeps the whole from passing', () => {
  const good = judged('ratio', [finding('B', 'B', 'PASS', 0.8, 1)])
  const cured = judged('points', [finding('P1', 'B', 'PASS', 20)])
  const papers = (verdict: Verdict, value: number | null) =>
    judged('papers', [finding('city', null, verdict, value)])
  const below = { item: 'papers', when: { below: 0.8 }, reason: words('output') }
  const verdictOf = (one: JudgedItem) =>
    overall({ ...SCHEME, vetoes: [below] }, [good, cured, one]).verdict
  // The encouraged item would be reported only, were it not for its veto.
  expect(verdictOf(papers('PASS', 0.8))).toBe('PASS')
  expect(verdictOf(papers('PASS', 0.79))).toBe('FAIL')
  expect(verdictOf(papers('PASS', null))).toBe('NOT_EVALUATED')
  expect(verdictOf(papers('NOT_EVALUATED', null))).toBe('NOT_EVALUATED')
  expect(verdictOf(papers('NOT_APPLICABLE', null))).toBe('PASS')
})

test('a stated PASS wants its evidence', () => {
  const city = { id: 'city', zone: null, areaM2: null }
  const said = { item: 'papers', verdict: 'PASS', justification: 'j', statedBy: 's' }
  const bare = statementSchema.parse(said)
  expect(statedFinding(PAPERS.item, city, bare)).toMatchObject({ verdict: 'NOT_EVALUATED' })
  expect(statedFinding(PAPERS.item, city, bare).reason.en).toContain('document')
  // What does not apply leaves the total, so it wants proof as well.
  const not = statementSchema.parse({ ...said, verdict: 'NOT_APPLICABLE' })
  expect(statedFinding(PAPERS.item, city, not).verdict).toBe('NOT_EVALUATED')
  const failed = statementSchema.parse({ ...said, verdict: 'FAIL' })
  expect(statedFinding(PAPERS.item, city, failed).verdict).toBe('FAIL')
  const backed = statementSchema.parse({ ...said, evidence: [{ slot: 'document', title: 't' }] })
  expect(statedFinding(PAPERS.item, city, backed).verdict).toBe('PASS')
  const conditional = statementSchema.parse({ ...said, verdict: 'CONDITIONAL', acceptedBy: 'E' })
  expect(statedFinding(PAPERS.item, city, conditional).verdict).toBe('NOT_EVALUATED')
  expect(statedFinding(PAPERS.item, city, undefined).verdict).toBe('NOT_EVALUATED')
})

test('a scheme names what contradicts itself', () => {
  const [first] = SCHEME.items
  const read = schemeSchema.safeParse({
    ...SCHEME,
    weights: 'none',
    items: [first, { ...first, group: 'nowhere', tag: 'S9' }],
    vetoes: [{ item: 'gone', when: { verdict: 'FAIL' }, reason: words('r') }],
  })
  expect(read.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'items.0.score: a scheme without weights scores nothing; weights say whose the points are',
    'items.1.id: ratio is there twice',
    'items.1.group: nowhere is not among groups',
    'items.1.tag: S9 is not among sources',
    'items.1.score: a scheme without weights scores nothing; weights say whose the points are',
    'vetoes.0.item: gone is not among items',
  ])
})
