import { originName } from '../domain/flag.js'
import { OUTCOME, type SeriesId } from '../domain/observation.js'
import type { LiveEvent, LiveFeed } from '../ports/live-feed.js'
import type { Logger } from '../ports/logger.js'
import type { LatestObservation, SeriesReads } from '../ports/series-store.js'

const LOOK_EVERY_MS = 5_000

/**
 * A live feed for a process that stores nothing itself: every few seconds, while somebody listens,
 * it looks what the newest observation of each series is. What is stored for earlier times, revised
 * or refused is not seen, and nothing is remembered: who comes back loads everything again.
 */
export function openNewestFeed(
  store: SeriesReads,
  series: () => readonly SeriesId[],
  logger: Logger,
): LiveFeed & { stop(): void } {
  const listeners = new Set<(event: LiveEvent) => void>()
  let timer: NodeJS.Timeout | undefined
  let looking = false
  /** null before the first look, which tells nothing. */
  let newest: ReadonlyMap<SeriesId, number> | null = null
  // Ascending over restarts as well, so that an id of an earlier process is not taken for one of ours.
  let id = Date.now()

  async function look(): Promise<void> {
    const latest = await store.latest(series())
    const before = newest
    newest = new Map(latest.map((one) => [one.series, one.atMs]))
    if (before === null) return
    const fresh = latest.filter((one) => one.atMs > (before.get(one.series) ?? -Infinity))
    if (fresh.length === 0) return
    const event = { id: ++id, observations: fresh.map(observed), refused: 0 }
    for (const listener of listeners) listener(event)
  }

  function tick(): void {
    // One that takes its time does not pile up questions.
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => {
        logger.debug({ error }, 'the newest observations could not be read')
      })
      .finally(() => {
        looking = false
      })
  }

  function stop(): void {
    clearInterval(timer)
    timer = undefined
    newest = null
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      if (timer === undefined) {
        timer = setInterval(tick, LOOK_EVERY_MS)
        tick()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stop()
      }
    },
    since: () => null,
    stop,
  }
}

function observed({ series, atMs, value, flag, origin }: LatestObservation) {
  return { series, atMs, value, flag, origin: originName(origin), outcome: OUTCOME.inserted }
}
