import { expect, test } from 'vitest'
import { shippedSchemes } from '../../../../src/app/schemes.js'
import { computeHere, openAssess } from '../../../../src/assess/index.js'
import type { AssessmentDocument } from '../../../../src/domain/scheme/assessment.js'
import { statementSchema, type Statement } from '../../../../src/domain/scheme/statement.js'
import { smallCity } from '../domain/indicators/small-city.js'
import { window } from '../domain/rain/series.js'
import { recordedSeries, registryOf } from './recorded-series.js'

/** The small city with a second zone, in which nothing is registered. */
const CITY = smallCity()
const TWO_ZONES = {
  ...CITY,
  drainageZones: [
    ...CITY.drainageZones,
    { id: 'Z2', name: { zh: '二区', en: 'Zone 2' }, system: 'separate' as const },
  ],
}

async function assessed(
  scheme: string,
  statements: readonly Statement[],
): Promise<{ readonly sha256: string; readonly assessment: AssessmentDocument }> {
  const assess = openAssess({
    store: recordedSeries([]),
    registry: registryOf(TWO_ZONES),
    schemes: await shippedSchemes(),
    compute: computeHere,
    labResults: () => Promise.resolve([]),
  })
  const answer = await assess.assess({ scheme, window: window(0, 1440), statements })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer
}

function stated(more: object): Statement {
  return statementSchema.parse({ justification: 'j', statedBy: 's', ...more })
}

test('a zone where nothing is watched does not pass, unless it is stated with evidence that it has nothing', async () => {
  const zone = async (statements: readonly Statement[]) => {
    const { assessment } = await assessed('gbt-51345-2018', statements)
    const item = assessment.items.find(({ id }) => id === '51345-3')
    return item?.findings.find(({ subject }) => subject === 'Z2')?.verdict
  }
  expect(await zone([])).toBe('NOT_EVALUATED')
  const none = { item: '51345-3', subject: 'Z2', verdict: 'NOT_APPLICABLE' }
  expect(await zone([stated(none)])).toBe('NOT_EVALUATED')
  const evidence = [{ slot: 'survey', title: 'no flood-prone point' }]
  expect(await zone([stated({ ...none, evidence })])).toBe('NOT_APPLICABLE')
})

test('what is judged of the whole city leaves no zone unwatched', async () => {
  const { assessment } = await assessed('gbt-51345-2018', [])
  const trend = assessment.items.find(({ id }) => id === '51345-6')
  expect(trend?.findings.map(({ zone }) => zone)).toEqual([null])
})

test('neither the order of statements nor that of their evidence changes a byte', async () => {
  const shown = ['document', 'explanation', 'sample'].map((slot) => ({ slot, title: slot }))
  const first = stated({ item: '635-12', verdict: 'PASS', evidence: shown })
  const second = stated({ item: '635-17', verdict: 'PASS', evidence: shown.slice(0, 1) })
  const one = await assessed('mohurd-635-2015', [first, second])
  const turned = { ...first, evidence: first.evidence.toReversed() }
  const other = await assessed('mohurd-635-2015', [second, turned])
  expect(other.sha256).toBe(one.sha256)
  expect(one.assessment.items.find(({ id }) => id === '635-12')?.verdict).toBe('PASS')
})
