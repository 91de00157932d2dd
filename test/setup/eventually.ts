/** Looks again and again until there is something to see. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  withinMs = 20_000,
): Promise<T> {
  const giveUpMs = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > giveUpMs) throw new Error(`did not happen within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
