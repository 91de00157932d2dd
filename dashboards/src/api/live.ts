import { signal, type ReadonlySignal } from '@preact/signals'
import type { LiveEvent } from './contract.js'

/** `connecting` also while it tries again after a loss. */
export type LiveState = 'connecting' | 'open' | 'lost'

export interface Live {
  readonly state: ReadonlySignal<LiveState>
  stop(): void
}

export interface LiveListener {
  /** One projected batch. */
  readonly observed: (event: LiveEvent) => void
  /** The service has forgotten what happened since: read everything again. */
  readonly reset: () => void
}

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000

/**
 * Follows the service's event stream. The browser reconnects by itself and sends Last-Event-ID
 * after a broken connection; it gives up for good after an HTTP error (a proxy's 502 while the
 * service restarts), so then a new stream is opened here with the last id in the query,
 * after 1 s, 2 s, … 30 s.
 */
export function followLive(url: string, listener: LiveListener): Live {
  const state = signal<LiveState>('connecting')
  let lastId: string | null = null
  let retryMs = FIRST_RETRY_MS
  let timer: ReturnType<typeof setTimeout> | undefined
  let source = open()

  function open(): EventSource {
    const since = lastId === null ? '' : `?lastEventId=${encodeURIComponent(lastId)}`
    const opened = new EventSource(url + since)
    opened.addEventListener('open', () => {
      state.value = 'open'
      retryMs = FIRST_RETRY_MS
    })
    opened.addEventListener('observations', (message: MessageEvent<string>) => {
      if (message.lastEventId !== '') lastId = message.lastEventId
      listener.observed(JSON.parse(message.data) as LiveEvent)
    })
    opened.addEventListener('reset', (message) => {
      if (message.lastEventId !== '') lastId = message.lastEventId
      listener.reset()
    })
    opened.addEventListener('error', () => {
      state.value = 'lost'
      if (opened.readyState !== EventSource.CLOSED) return
      opened.close()
      timer = setTimeout(() => {
        state.value = 'connecting'
        source = open()
      }, retryMs)
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    })
    return opened
  }

  return {
    state,
    stop: () => {
      clearTimeout(timer)
      source.close()
    },
  }
}
