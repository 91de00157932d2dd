import { clockS, dateMs } from './clock.js'
import { Fields } from './fields.js'
import { cellsOf, type InpFault, type InpRow } from './rows.js'

/** Values of a series by seconds since the start of the run, ascending. */
export interface TimeSeries {
  readonly timesS: Float64Array
  readonly values: Float64Array
}

/** Reads a file that the input file names; throws when it cannot. */
export type ReadText = (name: string) => string

/**
 * Reads [TIMESERIES]: dates and times, or hours since the start, with a value each; also from files
 * with the same columns. A date holds for the times after it.
 */
export function timeSeriesOf(
  rows: readonly InpRow[],
  startMs: number,
  readText: ReadText,
  faults: InpFault[],
): ReadonlyMap<string, TimeSeries> {
  const entries = new Map<string, Entries>()
  for (const row of rows) {
    const fields = new Fields(row, faults)
    const name = fields.text(0, 'name')
    let own = entries.get(name)
    if (own === undefined) {
      own = { timesS: [], values: [], dayMs: null }
      entries.set(name, own)
    }
    if (row.cells[1]?.toUpperCase() !== 'FILE') {
      addPairs(row.cells.slice(1), own, startMs, (message) => fields.fault(message))
      continue
    }
    const file = fields.text(2, 'file name')
    let text = ''
    try {
      text = readText(file)
    } catch (error) {
      fields.fault(`FILE "${file}" cannot be read: ${error instanceof Error ? error.message : ''}`)
    }
    for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
      addPairs(cellsOf(line), own, startMs, (message) =>
        fields.fault(`FILE "${file}", line ${at + 1}: ${message}`),
      )
    }
  }
  return new Map(
    [...entries].map(([name, { timesS, values }]) => [
      name,
      { timesS: Float64Array.from(timesS), values: Float64Array.from(values) },
    ]),
  )
}

interface Entries {
  readonly timesS: number[]
  readonly values: number[]
  dayMs: number | null
}

function addPairs(
  cells: readonly string[],
  into: Entries,
  startMs: number,
  fault: (message: string) => void,
): void {
  let at = 0
  while (at < cells.length) {
    const day = dateMs(cells[at] ?? '')
    if (day !== null) {
      into.dayMs = day
      at++
    }
    const time = cells[at] ?? ''
    const cell = cells[at + 1] ?? ''
    const seconds = clockS(time, 3600)
    const value = Number(cell)
    if (seconds === null || cell === '' || !Number.isFinite(value)) {
      fault(`"${time} ${cell}": expected a time such as 0:05 or hours, and a number`)
      return
    }
    const atS = into.dayMs === null ? seconds : (into.dayMs - startMs) / 1000 + seconds
    if (atS <= (into.timesS.at(-1) ?? -Infinity)) {
      fault(`"${time}": expected a time after the one before`)
      return
    }
    into.timesS.push(atS)
    into.values.push(value)
    at += 2
  }
}
