/** Wakes those who wait for the journal to grow. */
export interface HeadWatch {
  /** Resolves when something beyond `seq` was announced, when the signal aborts, or at the end. */
  beyond(seq: number, signal: AbortSignal): Promise<void>
  announce(head: number): void
  /** Wakes everybody; who waits later does not wait. */
  end(): void
}

export function headWatch(head: number): HeadWatch {
  const waiting = new Set<{ readonly seq: number; readonly wake: () => void }>()
  let newest = head
  return {
    beyond: async (seq, signal) => {
      if (newest > seq || signal.aborted) return
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(one)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const one = { seq, wake }
        waiting.add(one)
        signal.addEventListener('abort', wake)
      })
    },
    announce: (head) => {
      newest = head
      for (const { seq, wake } of waiting) if (seq < head) wake()
    },
    end: () => {
      newest = Infinity
      for (const { wake } of waiting) wake()
    },
  }
}
