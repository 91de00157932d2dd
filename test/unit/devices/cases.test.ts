import { describe, expect, test } from 'vitest'
import { DEVICE_MODELS } from '../../../devices/index.js'
import { caseFiles, casePayload, readCase, type Case, type CaseRefusal } from './case-file.js'

describe.each(DEVICE_MODELS)('$id', (model) => {
  const files = caseFiles(model.id)

  test('has cases', () => {
    expect(files.length).toBeGreaterThan(15)
  })

  test.each(files)('%s', (file) => {
    const found = readCase(model.id, file)
    const { clock, arrivalMs, gives, what } = found
    const decoded = model.decode(casePayload(found), { clock, arrivalMs })
    expect(decoded, what).toEqual(expected(gives))
  })
})

function expected(gives: Case['gives']): unknown {
  if ('code' in gives) return saying(gives)
  return {
    ...gives,
    refused: gives.refused.map(({ index, ...refused }) => ({ index, ...saying(refused) })),
  }
}

function saying({ code, reasonSays }: CaseRefusal): Record<string, unknown> {
  return { code, reason: expect.stringContaining(reasonSays) as unknown }
}
