import type { ObservationColumns } from '../domain/observation.js'
import { qualityFlags } from '../domain/qc/quality-flags.js'
import type { RegistryIndex } from '../domain/city/registry-index.js'

/**
 * Runs the quality tests that look at one value at a time over a batch, series by series, and
 * returns the batch with its flags and test bits. Tests that look at neighbours need the stored
 * rows around the batch: the store runs them, by the judges that go with the batch.
 */
export function checked(
  columns: ObservationColumns,
  sensors: RegistryIndex['sensors'],
): ObservationColumns {
  const rowsOf = columns.series.map(() => 0)
  for (const series of columns.seriesIndex) rowsOf[series] = (rowsOf[series] ?? 0) + 1
  const gathered = rowsOf.map((count) => ({ rows: new Uint32Array(count), filled: 0 }))
  for (const [row, series] of columns.seriesIndex.entries()) {
    const part = gathered[series]
    if (part !== undefined) part.rows[part.filled++] = row
  }
  const flags = columns.flags.slice()
  const tests = columns.tests.slice()
  for (const [series, { rows }] of gathered.entries()) {
    const placed = sensors.get(columns.series[series] ?? '')
    if (placed === undefined) continue
    const values = Float64Array.from(rows, (row) => columns.values[row] ?? Number.NaN)
    const verdict = qualityFlags(values, placed.sensor)
    for (const [position, row] of rows.entries()) {
      flags[row] = verdict.flags[position] ?? 0
      tests[row] = verdict.tests[position] ?? 0
    }
  }
  return { ...columns, flags, tests }
}
