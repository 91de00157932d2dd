import type { Logger } from '../../src/ports/logger.js'

const nothing = (): void => undefined

/** For tests that are not about what is logged. */
export const silentLogger: Logger = { error: nothing, warn: nothing, info: nothing, debug: nothing }
