import type { Parameters } from 'fast-check'

const usage = 'FUZZ_SEED and FUZZ_TIMES are whole numbers, e.g. FUZZ_SEED=7 FUZZ_TIMES=100 npm test'

/**
 * How long a fuzz test looks: the same inputs in every run unless the environment says otherwise.
 * `FUZZ_SEED` chooses other inputs, `FUZZ_TIMES` multiplies their number.
 *
 * @param runs inputs tried when nothing else is said
 */
export function fuzzed(runs: number): Pick<Parameters<unknown>, 'seed' | 'numRuns'> {
  return { seed: fuzzSeed(), numRuns: runs * wholeNumber('FUZZ_TIMES', 1) }
}

/** The seed in force, for chance that fast-check does not draw. */
export function fuzzSeed(): number {
  return wholeNumber('FUZZ_SEED', 20_261_127)
}

function wholeNumber(name: string, usual: number): number {
  const text = process.env[name]
  if (text === undefined || text === '') return usual
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is ${JSON.stringify(text)}; ${usage}`)
  return Number(text)
}
