import { FLAG } from '../flag.js'
import { VALUE_TESTS } from './catalogue.js'
import { qualitySettings, type CheckedSensor } from './quality-settings.js'
import { worstFlag } from './worst-flag.js'

export interface QualityFlags {
  /** One flag per value: the worst that any test gave, by 9 < 2 < 1 < 3 < 4. */
  readonly flags: Uint8Array
  /** Bit k is set when the test with bit k (catalogue.ts) gave a verdict: good, suspect or fail. */
  readonly tests: Uint16Array
}

/**
 * Runs the tests that look at one value at a time over values of one sensor, as ingest does with
 * every batch: any split of a series gives the same. Records go through record-flags.ts.
 *
 * @param values internal unit of the sensor's quantity, any order; NaN where missing
 * @returns 9 without a test bit for NaN; 2 without a bit where no test could tell
 */
export function qualityFlags(values: Float64Array, sensor: CheckedSensor): QualityFlags {
  const settings = qualitySettings(sensor)
  return combinedFlags(
    values.length,
    VALUE_TESTS.map(({ bit, run }) => ({ bit, flags: run(values, settings) })),
  )
}

/** The verdicts of several tests on the same rows, put together. */
export function combinedFlags(
  rows: number,
  verdicts: readonly { readonly bit: number; readonly flags: Uint8Array }[],
): QualityFlags {
  const flags = new Uint8Array(rows).fill(FLAG.missing)
  const tests = new Uint16Array(rows)
  for (const { bit, flags: given } of verdicts) {
    for (const [i, verdict] of given.entries()) {
      flags[i] = worstFlag(flags[i] ?? FLAG.missing, verdict)
      const spoke = verdict !== FLAG.notEvaluated && verdict !== FLAG.missing
      if (spoke) tests[i] = (tests[i] ?? 0) | (1 << bit)
    }
  }
  return { flags, tests }
}
