import type { Chance } from '../random.js'
import { pause, type Changes } from './pacing.js'
import { SessionRefused, type Session } from './session.js'
import type { DeviceTally } from './tally.js'

export interface LineOptions {
  readonly device: string
  readonly chance: Chance
  readonly tally: DeviceTally
  readonly news: Changes
  /** Aborted when the run's time is up, and by the line when the device is turned away or done. */
  readonly ending: AbortController
  /** Resolves when it is the device's turn to connect. */
  turn(): Promise<void>
  open(): Promise<Session>
  attach(session: Session): void
  detach(): void
}

/** The connection of a device over time: taken up again whenever it is wanted and not there. */
export interface Line {
  isUp(): boolean
  isWanted(): boolean
  /** Nothing more will be sent: the time is up, or the broker has turned the device away. */
  isOver(): boolean
  want(wanted: 'online' | 'offline'): void
  /** The line goes without a word. */
  cut(): void
  /** The next connection does not wait for its turn. */
  skipTurn(): void
  /** Says goodbye and stays away; resolves when the connection is over. */
  end(): Promise<void>
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000

export function deviceLine(options: LineOptions): Line {
  const { device, tally, news, ending } = options
  const { signal } = ending
  const state = {
    session: null as Session | null,
    wish: 'online' as 'online' | 'offline',
    skipsTurn: false,
  }
  const isOver = (): boolean => signal.aborted
  const isWanted = (): boolean => state.wish === 'online'
  signal.addEventListener('abort', () => news.tell(), { once: true })

  async function keepUp(): Promise<void> {
    let attempt = 0
    while (!isOver()) {
      await news.until(() => isWanted() || isOver())
      if (!state.skipsTurn) await options.turn()
      state.skipsTurn = false
      if (isOver() || !isWanted()) continue
      try {
        await whole(await options.open())
        attempt = 0
      } catch (error) {
        tally.failedConnects++
        if (error instanceof SessionRefused && error.isFinal) {
          tally.refused = error.message
          ending.abort()
          break
        }
        await pause(retryAfterMs(attempt++), signal)
      }
    }
  }

  /** One connection from CONNACK to end. */
  async function whole(opened: Session): Promise<void> {
    tally.connects++
    if (isOver() || !isWanted()) {
      opened.end()
    } else {
      state.session = opened
      options.attach(opened)
      news.tell()
    }
    await opened.closed
    tally.wireBytes += opened.bytesWritten()
    if (state.session !== opened) return
    down()
    // The broker went, or turned us out for another of our name: not at once again.
    await pause(retryAfterMs(0), signal)
  }

  function down(): void {
    state.session = null
    options.detach()
  }

  function retryAfterMs(attempt: number): number {
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt)
    return longest * (0.5 + options.chance.uniform(device, 'retry', attempt) / 2)
  }

  const running = keepUp()
  return {
    isUp: () => state.session !== null,
    isWanted,
    isOver,
    want(wanted) {
      state.wish = wanted
      news.tell()
    },
    cut() {
      if (state.session === null) return
      tally.cuts++
      state.session.cut()
      down()
    },
    skipTurn() {
      state.skipsTurn = true
    },
    async end() {
      const { session } = state
      state.session = null
      session?.end()
      ending.abort()
      await running
    },
  }
}
