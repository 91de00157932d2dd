/** Runs works one after the other, in the order they were handed in; one that fails does not hinder the next. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    // The caller handles a failure; the next in turn only waits for the end.
    last = done.catch(() => undefined)
    return done
  }
}
