import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'

/** What is known of an answer. Old data stay while newer are asked for, and when asking fails. */
export type Loaded<T> =
  | { readonly status: 'loading'; readonly data: T | null }
  | { readonly status: 'ready'; readonly data: T }
  | { readonly status: 'error'; readonly data: T | null; readonly error: Error }

export interface Resource<T> {
  readonly state: ReadonlySignal<Loaded<T>>
  /** Asks again soon: at most once per `everyMs`, never twice at a time, never forgotten. */
  refresh(): void
  stop(): void
}

/**
 * Keeps one answer of the API up to date.
 *
 * `question` reads the signals it depends on and returns how to ask, or null when there is nothing
 * to ask yet. When a signal changes, the running request is dropped and the new one starts at once.
 *
 * @param everyMs shortest time between two refreshes; also at least twice what the last answer took
 */
export function resource<T>(
  everyMs: number,
  question: () => ((signal: AbortSignal) => Promise<T>) | null,
): Resource<T> {
  const state = signal<Loaded<T>>({ status: 'loading', data: null })
  let ask: ((signal: AbortSignal) => Promise<T>) | null = null
  let running: AbortController | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let startedMs = 0
  let tookMs = 0
  let wanted = false

  async function load(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    running?.abort()
    wanted = false
    if (ask === null) return
    const mine = new AbortController()
    running = mine
    startedMs = performance.now()
    try {
      const data = await ask(mine.signal)
      if (!mine.signal.aborted) state.value = { status: 'ready', data }
    } catch (thrown) {
      if (mine.signal.aborted) return
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      state.value = { status: 'error', data: state.value.data, error }
    } finally {
      if (running === mine) {
        running = null
        tookMs = performance.now() - startedMs
        if (wanted) refresh()
      }
    }
  }

  function refresh(): void {
    wanted = true
    if (running !== null || timer !== undefined) return
    const waitMs = Math.max(everyMs, 2 * tookMs) - (performance.now() - startedMs)
    timer = setTimeout(() => void load(), Math.max(0, waitMs))
  }

  const forget = effect(() => {
    ask = question()
    untracked(() => {
      if (state.value.status === 'error')
        state.value = { status: 'loading', data: state.value.data }
      void load()
    })
  })

  return {
    state,
    refresh,
    stop: () => {
      forget()
      clearTimeout(timer)
      running?.abort()
    },
  }
}
