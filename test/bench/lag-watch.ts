import type { LoadService } from './load-service.js'

/** How often the service is asked where it stands; the lag is known no finer. */
const LOOK_EVERY_MS = 250
/** A projection that does not move for so long, once its end is waited for, has stopped. */
const STANDS_STILL_MS = 120_000

export interface LagWatch {
  /** Waits until the projection has reached `seq`; rejects when it stops on the way. */
  end(seq: number): Promise<{ readonly lagMs: number; readonly storedMs: number }>
}

/** Follows how long the projection takes to reach what the journal had reached before. */
export function watchLag(service: Pick<LoadService, 'standing'>): LagWatch {
  const heads: { readonly head: number; readonly atMs: number }[] = []
  const state = { lagMs: 0, position: 0, storedMs: 0, until: Infinity, askedMs: Infinity }

  async function look(): Promise<void> {
    const { head, position } = await service.standing()
    const atMs = Date.now()
    if (head > (heads.at(-1)?.head ?? 0)) heads.push({ head, atMs })
    if (position > state.position) state.storedMs = atMs
    state.position = position
    while (heads[0] !== undefined && heads[0].head <= position) {
      state.lagMs = Math.max(state.lagMs, atMs - heads[0].atMs)
      heads.shift()
    }
  }

  async function follow(): Promise<void> {
    while (state.position < state.until) {
      await look()
      if (Date.now() - Math.max(state.storedMs, state.askedMs) > STANDS_STILL_MS) {
        throw new Error(`the projection stands at ${state.position}, before ${state.until}`)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  const following = follow()
  // Heard of by whoever waits for the end.
  following.catch(() => undefined)
  return {
    async end(seq) {
      state.until = seq
      state.askedMs = Date.now()
      await following
      return state
    },
  }
}
