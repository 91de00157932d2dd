import { expect, test } from 'vitest'
import type { QualitySettings } from '../../src/domain/qc/quality-settings.js'
import { recordFlags } from '../../src/domain/qc/record-flags.js'
import { sharedRows } from './shared-data.js'

/**
 * Logan River Observatory, Water Lab 2019: what a technician marked, against what the tests flag.
 * Settings are set by hand from the sensors' ranges and the river's habits, not fitted to the
 * marks. Prints precision and recall; drifts and offsets, which the technician also marks, are
 * nothing a test over hours can see.
 */
const HOUR_MS = 3_600_000
const STEP_MS = 900_000
/** Fault values of the logger, by the record's README. */
const FAULT_VALUES = new Set(['', '-9999', '7999'])

interface Variable {
  readonly name: string
  /** Values that the technician marked, by the record's README. */
  readonly marked: number
  readonly settings: QualitySettings
}

const still = (tolerance: number) => ({ tolerance, suspectAfterMs: 12 * HOUR_MS })

const VARIABLES: readonly Variable[] = [
  {
    name: 'temp',
    marked: 38,
    settings: { grossRange: { fail: [-2, 30] }, spike: { suspect: 1 }, flatLine: still(0.01) },
  },
  {
    name: 'cond',
    marked: 82,
    settings: { grossRange: { fail: [100, 900] }, spike: { suspect: 30 }, flatLine: still(0.1) },
  },
  {
    name: 'ph',
    marked: 29,
    settings: { grossRange: { fail: [6, 10] }, spike: { suspect: 0.1 }, flatLine: still(0.01) },
  },
  {
    name: 'do',
    marked: 20,
    settings: { grossRange: { fail: [0, 20] }, spike: { suspect: 0.5 }, flatLine: still(0.01) },
  },
  {
    name: 'turb',
    marked: 25,
    settings: { grossRange: { fail: [0, 4000] }, spike: { suspect: 50 }, flatLine: still(0.01) },
  },
  {
    name: 'stage',
    marked: 15,
    settings: { grossRange: { fail: [0, 300] }, spike: { suspect: 3 }, flatLine: still(0.01) },
  },
]

test('flags against a technician’s marks, per variable', () => {
  const rows = sharedRows('aquatic_sensors_logan/waterlab_2019_15min.csv.gz')
  expect(rows.length).toBe(28_415)
  const atMs = Float64Array.from(rows, (row) => Date.parse(`${row['time_local'] ?? ''}-07:00`))
  for (const { name, marked, settings } of VARIABLES) {
    const values = Float64Array.from(rows, (row) =>
      FAULT_VALUES.has(row[name] ?? '') ? Number.NaN : Number(row[name]),
    )
    const record = { atMs, values, intervalMs: STEP_MS, utcOffsetMs: () => -7 * HOUR_MS }
    const { flags } = recordFlags(record, settings)
    let marks = 0
    let flagged = 0
    let both = 0
    for (const [i, row] of rows.entries()) {
      const isMarked = (row[`${name}_qual`] ?? '') !== ''
      const isFlagged = flags[i] === 3 || flags[i] === 4 || flags[i] === 9
      if (isMarked) marks++
      if (isFlagged) flagged++
      if (isMarked && isFlagged) both++
    }
    const precision = flagged === 0 ? null : both / flagged
    console.log(JSON.stringify({ name, marks, flagged, both, precision, recall: both / marks }))
    expect(marks).toBe(marked)
    expect(values.filter((value) => Number.isNaN(value)).length).toBe(name === 'temp' ? 30 : 0)
  }
})
