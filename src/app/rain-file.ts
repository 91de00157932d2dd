import { localTime } from '../domain/local-time.js'
import { observedRain } from '../domain/rain/observed-rain.js'
import type { RainRecord } from '../domain/rain/rain-record.js'
import { JUDGED } from '../domain/selection.js'
import { SECOND_MS } from '../domain/time.js'
import { readSeriesFile, type SeriesFile, type SeriesFileOptions } from './series-file.js'

/** What a row of a rain file is. */
export interface RainFileOptions extends Omit<SeriesFileOptions, 'quantity'> {
  /** Length of the span that ends at a row's time, ms; the median time between rows unless given. */
  readonly stepMs?: number
  /** What time without a row is; `auto`: dry when fewer than half of the rows are zero, for such a file lists rain only. */
  readonly absent: 'auto' | 'dry' | 'missing'
}

export interface RainFile {
  readonly record: RainRecord
  readonly stepMs: number
  readonly about: SeriesFile['about'] & { readonly absent: 'dry' | 'missing' }
}

/** Longer than any record, s: silence that is dry stays dry to the file's end. */
const FOREVER_S = 1e11

/** Reads increments of rain, each row the depth of the step that ends at its time, as a rain record. */
export async function readRainFile(path: string, options: RainFileOptions): Promise<RainFile> {
  const {
    series,
    stepMs: median,
    about,
  } = await readSeriesFile(path, {
    ...options,
    quantity: 'rain_depth',
  })
  const stepMs = options.stepMs ?? median
  const dryRows = series.values.filter((value) => value === 0).length
  const wetOnly = dryRows < series.values.length / 2
  const absent = options.absent === 'auto' ? (wetOnly ? 'dry' : 'missing') : options.absent
  const columns = { ...series, spanMs: series.spanMs.map(() => stepMs) }
  const window = {
    fromMs: (series.atMs[0] ?? 0) - stepMs,
    toMs: series.atMs.at(-1) ?? 0,
  }
  const gauge = {
    kind: { type: 'increment' as const },
    reporting:
      absent === 'dry'
        ? { type: 'on-change' as const, heartbeatS: FOREVER_S }
        : { type: 'periodic' as const, intervalS: stepMs / SECOND_MS },
    calibrations: [],
    unit: 'mm',
    quantity: 'rain_depth' as const,
  }
  const record = observedRain(columns, gauge, window, JUDGED, localTime('UTC'))
  return { record, stepMs, about: { ...about, absent } }
}
