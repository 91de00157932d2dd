/** Waits that end at once when the run is over. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    function end(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

/** Tells whoever waits that something has changed. */
export interface Changes {
  tell(): void
  /** Resolves once the condition holds; looked at again after every change. */
  until(holds: () => boolean): Promise<void>
}

export function changes(): Changes {
  let resolveNext = (): void => undefined
  let next = new Promise<void>((resolve) => (resolveNext = resolve))
  return {
    tell() {
      const resolve = resolveNext
      next = new Promise<void>((again) => (resolveNext = again))
      resolve()
    },
    async until(holds) {
      while (!holds()) await next
    },
  }
}

/**
 * Turns at an even rate: each call waits for the next free one.
 *
 * @param perS turns a second; null: at once
 */
export function ramp(perS: number | null, signal: AbortSignal): () => Promise<void> {
  let nextMs = 0
  return async () => {
    if (perS === null) return
    const nowMs = performance.now()
    const turnMs = Math.max(nowMs, nextMs)
    nextMs = turnMs + 1000 / perS
    await pause(turnMs - nowMs, signal)
  }
}

/** All of a known number come together, or have said that they will not come. */
export interface Meeting {
  arrive(): Promise<void>
  leave(): void
}

export function meeting(members: number): Meeting {
  let missing = members
  let open = (): void => undefined
  const complete = new Promise<void>((resolve) => (open = resolve))
  function leave(): void {
    if (--missing <= 0) open()
  }
  return {
    async arrive() {
      leave()
      await complete
    },
    leave,
  }
}
