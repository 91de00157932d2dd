import type { Logger } from '../ports/logger.js'
import { EXIT } from './exit.js'

/** A stop that takes longer is ended by force. */
const STOP_WITHIN_MS = 5_000

/** Ends the process cleanly on the first signal, by force when that takes too long or on the second. */
export function stopOnSignal(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false
  function onSignal(signal: NodeJS.Signals): void {
    if (stopping) process.exit(1)
    stopping = true
    logger.info({ signal }, 'stopping')
    const force = setTimeout(() => {
      logger.error({}, 'did not stop in time; ending. What was acknowledged is in the journal')
      process.exit(1)
    }, STOP_WITHIN_MS)
    stop().then(
      () => {
        clearTimeout(force)
        process.exit(EXIT.done)
      },
      (error: unknown) => {
        logger.error({ error }, 'stopping failed; what was acknowledged is in the journal')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}
