import { inspect } from 'node:util'
import type { Logger } from '../../src/ports/logger.js'

/** For tests that look at results, not at logs; errors are still shown. */
export const quietLogger: Logger = {
  error: (fields, message) => process.stderr.write(`${message} ${inspect(fields)}\n`),
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
}
