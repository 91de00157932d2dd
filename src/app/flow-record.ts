import { JUDGED } from '../domain/selection.js'
import { stateRecord, type StateRecord } from '../domain/state-record.js'
import { SECOND_MS } from '../domain/time.js'
import type { SeriesFile } from './series-file.js'

/**
 * A series of a file as a state over time, from its first reading to its last.
 *
 * @param mean values are means of the step that ends at their time, not instants
 * @param bridgeMs gaps up to this are bridged
 */
export function flowRecord(
  { series, stepMs }: Pick<SeriesFile, 'series' | 'stepMs'>,
  { mean, bridgeMs }: { readonly mean: boolean; readonly bridgeMs: number },
): StateRecord {
  const { atMs } = series
  return stateRecord(
    { ...series, spanMs: series.spanMs.map(() => (mean ? stepMs : 0)) },
    {
      kind: mean ? { type: 'interval-mean' } : { type: 'instant' },
      reporting: { type: 'periodic', intervalS: stepMs / SECOND_MS },
    },
    { fromMs: (atMs[0] ?? 0) - (mean ? stepMs : 0), toMs: atMs.at(-1) ?? 0 },
    { selection: JUDGED, bridgeMs },
  )
}
