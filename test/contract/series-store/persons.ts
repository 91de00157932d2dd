import { describe, expect, test } from 'vitest'
import type { ImportedLabResult } from '../../../src/domain/laboratory/lab-result.js'
import type { KeptAssessment } from '../../../src/domain/scheme/kept-assessment.js'
import { HOUR_MS } from '../../../src/domain/time.js'
import { rowsBatch, START_MS } from './batch.js'
import { ALWAYS, type Subject } from './subject.js'

/** What enters by a person's hand and belongs to no device. */
export function personsPromises(subject: Subject): void {
  const result = (more: Partial<ImportedLabResult>): ImportedLabResult => ({
    ...{ seq: 1, sample: 'W-1', section: 'gate', sampledMs: START_MS, parameter: 'cod' },
    ...{
      value: 18,
      unit: 'mg/L',
      detectionLimit: 4,
      weather: 'dry',
      laboratory: 'City Lab',
      cma: '2100',
    },
    ...{ reportSha256: 'ab'.repeat(32), fileSha256: 'cd'.repeat(32), fileName: 'july.csv' },
    ...{ revision: 0, person: 'Li Wei' },
    ...more,
  })

  describe('laboratory results', () => {
    test('are kept with their batch, every version, whole, and read by the time of sampling', async () => {
      const first = [
        result({}),
        result({ parameter: 'ph', value: null, unit: '[pH]', cma: null, reportSha256: null }),
      ]
      const second = [result({ seq: 2, value: 19, revision: 1 })]
      const late = [result({ seq: 3, sample: 'W-2', sampledMs: START_MS + HOUR_MS })]
      for (const [i, laboratory] of [first, second, late].entries()) {
        await subject.store.append({ ...rowsBatch(i + 1, []), laboratory })
      }
      const all = [...first, ...second, ...late]
      expect(await subject.ledger.labResults(ALWAYS)).toEqual(all)
      await subject.reopen()
      expect(await subject.ledger.labResults(ALWAYS)).toEqual(all)
      const hour = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
      expect(await subject.ledger.labResults(hour)).toEqual([...first, ...second])
      expect(await subject.ledger.labResults({ ...hour, toMs: START_MS })).toEqual([])
    })
  })

  describe('kept assessments', () => {
    test('stay with their batch, and their documents word for word', async () => {
      const kept = (id: number, score: number | null): KeptAssessment => ({
        ...{ id, sha256: 'ab'.repeat(32), keptMs: START_MS + id, person: 'Li Wei', reason: 'why' },
        ...{ scheme: 's', edition: '1', fromMs: START_MS, toMs: START_MS + HOUR_MS },
        ...{ verdict: 'FAIL', score },
      })
      const documents = [
        { kept: kept(1, null), document: '{"b":1, "a":"雨"}' },
        { kept: kept(2, 61.5), document: '{}' },
      ]
      for (const [i, document] of documents.entries()) {
        await subject.store.append({ ...rowsBatch(i + 1, []), assessments: [document] })
      }
      await subject.reopen()
      expect(await subject.ledger.assessments()).toEqual(documents.map((one) => one.kept))
      expect(await subject.ledger.assessmentDocument(1)).toBe('{"b":1, "a":"雨"}')
      expect(await subject.ledger.assessmentDocument(3)).toBeNull()
    })
  })
}
