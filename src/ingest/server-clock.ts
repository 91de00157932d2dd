import { MINUTE_MS } from '../domain/time.js'
import type { Clock } from '../ports/clock.js'
import type { EntryDraft, Journal } from '../ports/journal.js'
import type { Logger } from '../ports/logger.js'

/** How far the clock may stand back before it is doubted: time synchronisation takes smaller steps. */
const DOUBTED_FROM_MS = MINUTE_MS

export interface ServerClock {
  /** The arrival of what comes now. */
  arrival(): Pick<EntryDraft, 'arrivalMs' | 'serverClock'>
  /** Whether it stands before what the journal has seen, now. */
  isInDoubt(): boolean
}

/**
 * The server's clock, held against the journal: one that stands before an entry that is already
 * there is wrong (a machine without a battery-backed clock starts in the past), or was. What comes
 * then is marked in the journal, so that the projection, which has no clock, neither refuses its
 * times nor measures the device's clock by it.
 */
export function serverClock(
  journal: Pick<Journal, 'latestArrivalMs'>,
  clock: Clock,
  logger: Logger,
): ServerClock {
  let wasInDoubt = false
  function isBehind(nowMs: number): boolean {
    return nowMs < journal.latestArrivalMs() - DOUBTED_FROM_MS
  }
  return {
    isInDoubt: () => isBehind(clock.nowMs()),
    arrival() {
      const arrivalMs = clock.nowMs()
      const isInDoubt = isBehind(arrivalMs)
      if (isInDoubt !== wasInDoubt) tell(isInDoubt, journal.latestArrivalMs(), logger)
      wasInDoubt = isInDoubt
      return isInDoubt ? { arrivalMs, serverClock: 'in-doubt' } : { arrivalMs }
    },
  }
}

function tell(isInDoubt: boolean, latestArrivalMs: number, logger: Logger): void {
  const latestEntry = new Date(latestArrivalMs).toISOString()
  if (isInDoubt) {
    logger.warn(
      { latestEntry },
      'the server’s clock stands before the journal’s latest entry: set it; until then no reading is refused for its time',
    )
  } else {
    logger.info({ latestEntry }, 'the server’s clock has passed the journal’s latest entry')
  }
}
