/** Lets one holder after another in, in the order they came. */
export interface OneAtATime {
  /** Resolves with the release when all before have released. */
  enter(): Promise<() => void>
}

export function oneAtATime(): OneAtATime {
  let last = Promise.resolve()
  return {
    async enter() {
      const before = last
      let release = (): void => undefined
      last = new Promise((resolve) => {
        release = resolve
      })
      await before
      return release
    },
  }
}
