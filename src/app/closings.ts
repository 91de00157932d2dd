type Close = () => Promise<void>

/** What has been opened and must be closed again. */
export interface Closings {
  add(close: Close): void
  /**
   * Closes in reverse order, each when the one before has ended, every one once, however often it
   * is called. One that fails does not keep the others from closing; rejects when all have ended.
   */
  closeAll(): Promise<void>
}

export function openClosings(): Closings {
  const closings: Close[] = []
  let closing: Promise<void> | undefined
  async function closeAll(): Promise<void> {
    const failures: unknown[] = []
    for (const close of closings.toReversed()) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '))
  }
  return {
    add: (close) => closings.push(close),
    closeAll: () => (closing ??= closeAll()),
  }
}
