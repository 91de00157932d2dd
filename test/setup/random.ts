/**
 * Uniform in [0, 1), the same numbers in every run: a linear congruential generator with the
 * constants of Numerical Recipes.
 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** In another order (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items]
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const here = mixed[at] as T
    mixed[at] = mixed[other] as T
    mixed[other] = here
  }
  return mixed
}
