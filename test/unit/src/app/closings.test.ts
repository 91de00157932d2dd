import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openClosings } from '../../../../src/app/closings.js'

function closingsThatTell(...failing: readonly string[]) {
  const closed: string[] = []
  const closings = openClosings()
  for (const part of ['journal', 'store', 'api']) {
    closings.add(async () => {
      await turn()
      if (failing.includes(part)) throw new Error(`${part} does not close`)
      closed.push(part)
    })
  }
  return { closings, closed }
}

test('what was opened last is closed first, once, and a second caller waits for the first', async () => {
  const { closings, closed } = closingsThatTell()
  await Promise.all([closings.closeAll(), closings.closeAll()])
  await closings.closeAll()
  expect(closed).toEqual(['api', 'store', 'journal'])
})

test('one that fails is told and does not keep the rest open', async () => {
  const { closings, closed } = closingsThatTell('api')
  await expect(closings.closeAll()).rejects.toThrow('api does not close')
  expect(closed).toEqual(['store', 'journal'])
})

test('every failure is told', async () => {
  const { closings, closed } = closingsThatTell('api', 'journal')
  await expect(closings.closeAll()).rejects.toThrow(/api does not close.*journal does not close/)
  expect(closed).toEqual(['store'])
})
