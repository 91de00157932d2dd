import { median } from 'simple-statistics'
import { QUALITY_TESTS } from '../../domain/qc/catalogue.js'
import type { NeighbourRecord, QualityRecord } from '../../domain/qc/quality-record.js'
import type { QualitySettings } from '../../domain/qc/quality-settings.js'
import { recordFlags, type RecordFlags } from '../../domain/qc/record-flags.js'
import { SECOND_MS } from '../../domain/time.js'
import type { QcColumn, QcConfig } from './config-schema.js'
import type { FileColumn, FileColumns } from './read-columns.js'
import { columnSettings } from './settings.js'
import { utcOffset } from './utc-offset.js'

/** One column with its flags. */
export interface JudgedColumn extends FileColumn, RecordFlags {
  readonly column: QcColumn
  readonly intervalMs: number | null
  readonly settings: QualitySettings
  /** Ids of the tests that are not set. */
  readonly notSet: readonly string[]
}

/** Runs the tests over every column of the configuration, in its order. */
export function judge(config: QcConfig, file: FileColumns): readonly JudgedColumn[] {
  const offset = config.time.zone === undefined ? null : utcOffset(config.time.zone)
  return config.columns.map((column) => {
    const read = columnOf(file, column.column)
    const intervalMs = column.reporting === 'on-change' ? null : stepMs(config, read)
    const positions = positionsOf(column, file)
    const record: QualityRecord = {
      ...read,
      intervalMs,
      utcOffsetMs: offset ?? (() => 0),
      neighbours: neighboursOf(column, config, file),
      ...(positions !== undefined && { positions }),
    }
    const settings = columnSettings(column, intervalMs)
    const notSet = QUALITY_TESTS.filter(({ setting }) => settings[setting] === undefined)
    return {
      ...read,
      ...recordFlags(record, settings),
      column,
      intervalMs,
      settings,
      notSet: notSet.map(({ id }) => id),
    }
  })
}

/** The configured step, else the median of the steps that are there. */
function stepMs({ time }: QcConfig, { atMs }: FileColumn): number | null {
  if (time.intervalS !== undefined) return time.intervalS * SECOND_MS
  const steps = [...atMs.subarray(1)].map((at, i) => at - (atMs[i] ?? 0)).filter((step) => step > 0)
  return steps.length === 0 ? null : median(steps)
}

function positionsOf(
  { tests: { location } }: QcColumn,
  file: FileColumns,
): QualityRecord['positions'] {
  if (location === undefined || location === 'off') return undefined
  return { lon: columnOf(file, location.lon).values, lat: columnOf(file, location.lat).values }
}

/** The columns that the configuration names, else all other rain gauges of the file. */
function neighboursOf(
  column: QcColumn,
  config: QcConfig,
  file: FileColumns,
): readonly NeighbourRecord[] {
  const { neighbour } = column.tests
  const named = neighbour === undefined || neighbour === 'off' ? undefined : neighbour.columns
  const gauges = config.columns
    .filter((other) => other !== column && other.quantity === 'rain_depth')
    .map((other) => other.column)
  return (named ?? gauges).flatMap((name) => {
    const { atMs, values } = columnOf(file, name)
    const intervalMs = stepMs(config, { ...columnOf(file, name) })
    return intervalMs === null ? [] : [{ atMs, values, intervalMs }]
  })
}

function columnOf({ columns }: FileColumns, name: string): FileColumn {
  const column = columns.get(name)
  if (column === undefined) throw new Error(`column ${name} was not read`)
  return column
}
