import { expect, test } from 'vitest'
import { reportTally } from '../../setup/tally.js'

const report = (
  assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages?: readonly string[]
  }[],
  status = 'passed',
  message = '',
): string =>
  JSON.stringify({ testResults: [{ name: 'a.test.ts', status, message, assertionResults }] })

test('passed and failed tests are counted one by one', () => {
  const text = report(
    [
      { fullName: 'rain falls', status: 'passed' },
      { fullName: 'rain stops', status: 'failed' },
      { fullName: 'rain rises', status: 'passed' },
    ],
    'failed',
  )
  expect(reportTally('unit', 1, 'ended with 1', text)).toMatchObject({ passed: 2, failed: 1 })
})

test('a failed test is named with its file and the first line of what went wrong', () => {
  const failureMessages = ['expected 2 to be 3\n    at a.test.ts:1']
  const text = report([{ fullName: 'rain stops', status: 'failed', failureMessages }], 'failed')
  expect(reportTally('unit', 1, 'ended with 1', text).notes).toEqual([
    'failed: rain stops (a.test.ts): expected 2 to be 3',
  ])
})

test.each(['skipped', 'pending', 'todo'])('a %s test counts as failed and is named', (status) => {
  const tally = reportTally('unit', 1, 'ok', report([{ fullName: 'hail is melted', status }]))
  expect(tally).toMatchObject({
    passed: 0,
    failed: 1,
    notes: [`${status}: hail is melted (a.test.ts)`],
  })
})

test('a project that collected nothing has failed', () => {
  expect(reportTally('unit', 1, 'ok', '{"testResults":[]}')).toMatchObject({ passed: 0, failed: 1 })
})

test('a file that could not be run counts as one failure', () => {
  const tally = reportTally('unit', 1, 'ended with 1', report([], 'failed', 'no such module\n at'))
  expect(tally).toMatchObject({ passed: 0, failed: 1 })
  expect(tally.notes).toEqual(['a.test.ts could not be run: no such module'])
})

test('a run that ends badly although every test passed has failed', () => {
  const text = report([{ fullName: 'rain falls', status: 'passed' }])
  expect(reportTally('unit', 1, 'ended with 1', text)).toMatchObject({ passed: 1, failed: 1 })
})

test('a run without a report has failed and says how it ended', () => {
  const tally = reportTally('unit', 1, 'stopped after 10 minutes', 'ENOENT')
  expect(tally).toMatchObject({ passed: 0, failed: 1, notes: ['stopped after 10 minutes'] })
})
