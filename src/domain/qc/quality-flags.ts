import { FLAG } from '../flag.js'
import { QUALITY_TESTS, type CheckedSensor } from './catalogue.js'
import { worstFlag } from './worst-flag.js'

export interface QualityFlags {
  /** One flag per value: the worst that any test gave, by 9 < 2 < 1 < 3 < 4. */
  readonly flags: Uint8Array
  /** Bit k is set when the test with bit k (catalogue.ts) gave a verdict: good, suspect or fail. */
  readonly tests: Uint16Array
}

/**
 * Runs every quality test over values of one sensor. A pure function of values and configuration:
 * the tests of this release look at one value at a time, so any split of a series gives the same.
 *
 * @param values internal unit of the sensor's quantity, any order; NaN where missing
 * @returns 9 without a test bit for NaN; 2 without a bit where no test could tell
 */
export function qualityFlags(values: Float64Array, sensor: CheckedSensor): QualityFlags {
  const flags = new Uint8Array(values.length).fill(FLAG.missing)
  const tests = new Uint16Array(values.length)
  for (const test of QUALITY_TESTS) {
    const verdicts = test.run(values, sensor)
    for (const [i, verdict] of verdicts.entries()) {
      flags[i] = worstFlag(flags[i] ?? FLAG.missing, verdict)
      const spoke = verdict !== FLAG.notEvaluated && verdict !== FLAG.missing
      if (spoke) tests[i] = (tests[i] ?? 0) | (1 << test.bit)
    }
  }
  return { flags, tests }
}
