import { expect, test } from 'vitest'
import { openLogger } from '../../../../src/app/logger.js'

test('the log shows what was thrown, its cause and where', () => {
  const lines: string[] = []
  const logger = openLogger('info', { write: (line) => void lines.push(line) })
  const error = new Error('not durable', { cause: new Error('no space left') })
  logger.error({ error }, 'stopped')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      msg: 'stopped',
      error: expect.objectContaining({
        message: 'not durable: no space left',
        stack: expect.stringContaining('logger.test.ts') as string,
      }) as object,
    }),
  ])
})
