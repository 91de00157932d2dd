import { constantly, stepFunction, type StepFunction } from '../step-function.js'
import { clockS } from './clock.js'
import { Fields } from './fields.js'
import type { InpFault, InpRow } from './rows.js'
import type { TimeSeries } from './time-series.js'

const S_PER_HOUR = 3600
const S_PER_DAY = 86_400

/** What weather is made of. */
export interface WeatherContext {
  readonly series: ReadonlyMap<string, TimeSeries>
  /** m of a unit of depth. */
  readonly depthM: number
  readonly startMs: number
  readonly durationS: number
  readonly faults: InpFault[]
}

/** Reads [RAINGAGES]: rain of each gauge, m/s, from its time series. */
export function gaugesOf(
  rows: readonly InpRow[],
  context: WeatherContext,
): ReadonlyMap<string, StepFunction> {
  return new Map(
    rows.map((row) => {
      const fields = new Fields(row, context.faults)
      return [fields.text(0, 'name'), gaugeOf(fields, context)]
    }),
  )
}

function gaugeOf(fields: Fields, { series, depthM }: WeatherContext): StepFunction {
  const form = fields.word(1, 'form', ['INTENSITY', 'VOLUME', 'CUMULATIVE'])
  const intervalS = clockS(fields.text(2, 'interval'), S_PER_HOUR)
  if (intervalS === null || intervalS <= 0) {
    fields.fault(`interval "${fields.text(2, 'interval')}": expected H:MM or hours, above 0`)
    return constantly(0)
  }
  // SCF concerns snow alone; there is none here.
  fields.number(3, 'snow catch factor', { min: 0 })
  const source = fields.text(4, 'source').toUpperCase()
  if (source === 'FILE') fields.refuse('a rain file (FILE); a TIMESERIES with FILE')
  else if (source !== 'TIMESERIES') fields.fault(`source "${source}": expected TIMESERIES`)
  if (source !== 'TIMESERIES' || form === null) return constantly(0)
  const name = fields.text(5, 'time series')
  const record = series.get(name)
  if (record === undefined) {
    fields.fault(`time series "${name}": expected one of [TIMESERIES]`)
    return constantly(0)
  }
  const rates = record.values.map((value, i) => {
    if (form === 'INTENSITY') return (value * depthM) / S_PER_HOUR
    const before = form === 'CUMULATIVE' ? (record.values[i - 1] ?? 0) : 0
    // A counter that fell began anew.
    return ((value < before ? value : value - before) * depthM) / intervalS
  })
  if (rates.some((rate) => rate < 0)) fields.fault(`time series "${name}": rain below 0`)
  return heldFor(intervalS, record.timesS, rates)
}

/** Each rate holds for the interval, or until the next one begins. */
function heldFor(intervalS: number, timesS: Float64Array, rates: Float64Array): StepFunction {
  const breaks: number[] = []
  const values: number[] = []
  for (const [i, from] of timesS.entries()) {
    breaks.push(from)
    values.push(rates[i] ?? 0)
    const until = from + intervalS
    if (until < (timesS[i + 1] ?? Infinity) - 1e-6) {
      breaks.push(until)
      values.push(0)
    }
  }
  return stepFunction(Float64Array.from(breaks), Float64Array.from(values))
}

export interface InpEvaporation {
  /** m/s. */
  readonly rate: StepFunction
  readonly onlyDry: boolean
}

const FORMS = [
  'CONSTANT',
  'MONTHLY',
  'TIMESERIES',
  'TEMPERATURE',
  'FILE',
  'RECOVERY',
  'DRY_ONLY',
] as const

/** Reads [EVAPORATION]; without it nothing evaporates. */
export function evaporationOf(rows: readonly InpRow[], context: WeatherContext): InpEvaporation {
  const perDay = context.depthM / S_PER_DAY
  let rate = constantly(0)
  let onlyDry = false
  for (const row of rows) {
    const fields = new Fields(row, context.faults)
    const form = fields.word(0, 'form', FORMS)
    if (form === 'CONSTANT') rate = constantly(fields.number(1, 'rate', { min: 0 }) * perDay)
    else if (form === 'MONTHLY') {
      const months = Array.from(
        { length: 12 },
        (_, month) => fields.number(month + 1, `rate of month ${month + 1}`, { min: 0 }) * perDay,
      )
      rate = monthly(months, context)
    } else if (form === 'TIMESERIES') {
      const record = context.series.get(fields.text(1, 'time series'))
      if (record === undefined)
        fields.fault(`time series "${row.cells[1]}": expected one of [TIMESERIES]`)
      else
        rate = stepFunction(
          record.timesS,
          record.values.map((value) => value * perDay),
        )
    } else if (form === 'DRY_ONLY') onlyDry = fields.word(1, form, ['YES', 'NO']) === 'YES'
    else if (form !== null) fields.refuse(`evaporation by ${form}`)
  }
  return { rate, onlyDry }
}

function monthly(
  perMonth: readonly number[],
  { startMs, durationS }: WeatherContext,
): StepFunction {
  const breaks: number[] = []
  const values: number[] = []
  const start = new Date(startMs)
  for (let month = start.getUTCMonth(); ; month++) {
    const fromS = (Date.UTC(start.getUTCFullYear(), month) - startMs) / 1000
    if (fromS > durationS) break
    breaks.push(fromS)
    values.push(perMonth[month % 12] ?? 0)
  }
  return stepFunction(Float64Array.from(breaks), Float64Array.from(values))
}
