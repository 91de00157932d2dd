import { FLAG } from '../flag.js'
import { RECORD_TESTS, VALUE_TESTS } from './catalogue.js'
import { combinedFlags, type QualityFlags } from './quality-flags.js'
import type { QualityRecord } from './quality-record.js'
import type { QualitySettings } from './quality-settings.js'

/** The verdict of one test on every row of a record. */
export interface TestVerdicts {
  readonly id: string
  readonly bit: number
  readonly setting: keyof QualitySettings
  readonly flags: Uint8Array
}

export interface RecordFlags extends QualityFlags {
  /** One entry per test that is set, in the order of the catalogue. */
  readonly verdicts: readonly TestVerdicts[]
}

/**
 * Runs every test that is set over the record of one sensor. The tests do not see each other's
 * verdicts: a value that fails its range still is its neighbours' neighbour.
 *
 * @returns per value the worst flag; 9 for NaN whatever the other tests say of its row, 2 where no
 *   test could tell
 */
export function recordFlags(record: QualityRecord, settings: QualitySettings): RecordFlags {
  const verdicts: TestVerdicts[] = []
  for (const { id, bit, setting, run } of VALUE_TESTS) {
    if (settings[setting] === undefined) continue
    verdicts.push({ id, bit, setting, flags: run(record.values, settings) })
  }
  for (const { id, bit, setting, run } of RECORD_TESTS) {
    if (settings[setting] === undefined) continue
    verdicts.push({ id, bit, setting, flags: run(record, settings) })
  }
  const { flags, tests } = combinedFlags(record.values.length, verdicts)
  for (const [i, value] of record.values.entries()) {
    if (Number.isNaN(value)) {
      // A position may be judged where a value is missing; the row has no verdict all the same.
      flags[i] = FLAG.missing
      tests[i] = 0
    } else if (flags[i] === FLAG.missing) {
      flags[i] = FLAG.notEvaluated
    }
  }
  return { flags, tests, verdicts }
}
