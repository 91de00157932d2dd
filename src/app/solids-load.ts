import { csvLines, type FileFault } from '../adapters/csv-file/index.js'
import { pollutantLoad } from '../domain/runoff/pollutant-load.js'
import {
  estimatedSolids,
  REGRESSION_RULE,
  turbidityRegression,
  type PairedSample,
  type TurbidityRegression,
} from '../domain/runoff/turbidity-regression.js'
import { stateAt, type StateRecord } from '../domain/state-record.js'
import type { Window } from '../domain/time.js'
import { CommandError, EXIT } from './exit.js'
import { faultList, fileError } from './file-faults.js'

const COLUMNS = ['turbidity_ntu', 'ss_mg_l', 'event'] as const

/** Reads paired samples (columns turbidity_ntu, ss_mg_l, event) and fits the site's regression. */
export async function siteRegression(path: string): Promise<TurbidityRegression> {
  const samples = await pairedSamples(path).catch((error: unknown) => {
    throw error instanceof CommandError ? error : fileError(path, error)
  })
  const reading = turbidityRegression(samples)
  if (reading.ok) return reading.regression
  const wants = `${REGRESSION_RULE.minPairs} pairs of ${REGRESSION_RULE.minEvents} events at least, all above zero and not all alike (standards sheet 7.4, recommended)`
  throw new CommandError(
    EXIT.badInput,
    `${path}: ${samples.length} pairs make no regression (${reading.reason}): ${wants}`,
  )
}

async function pairedSamples(path: string): Promise<readonly PairedSample[]> {
  const samples: PairedSample[] = []
  const faults: FileFault[] = []
  let at: readonly number[] | undefined
  for await (const { cells, line } of csvLines(path, ',')) {
    if (at === undefined) {
      const names = cells.map((name) => name.trim().toLowerCase())
      at = COLUMNS.map((name) => names.indexOf(name))
      if (at.includes(-1)) {
        throw new Error(
          `the file wants the columns ${COLUMNS.join(', ')}; it has ${names.join(', ')}`,
        )
      }
      continue
    }
    const [turbidity = '', solids = '', event = ''] = at.map((i) => (cells[i] ?? '').trim())
    const [turbidityNtu, solidsMgL] = [Number(turbidity), Number(solids)]
    if (turbidity === '' || solids === '' || !(turbidityNtu > 0 && solidsMgL > 0)) {
      faults.push({ line, message: `"${turbidity}" and "${solids}" are no pair above zero` })
    } else samples.push({ turbidityNtu, solidsMgL, event })
  }
  if (faults.length > 0) throw new CommandError(EXIT.badInput, faultList(path, faults))
  return samples
}

/** Suspended solids that an event carried; null where the turbidity is not known throughout. */
export interface SolidsLoad {
  readonly massKg: number
  readonly emcMgL: number | null
  /** Share of the readings with a turbidity beyond what was sampled. */
  readonly beyondSampled: number
}

/**
 * Load of the whole flow over a window, at the readings of the flow: turbidity straight between its
 * own readings, solids by the site's regression (standards sheet 7.4).
 */
export function solidsLoad(
  flow: StateRecord,
  turbidity: StateRecord,
  regression: TurbidityRegression,
  window: Window,
): SolidsLoad | null {
  const inside = [...flow.fromMs, flow.toMs.at(-1) ?? Number.NaN].filter(
    (at) => at > window.fromMs && at < window.toMs,
  )
  const atMs = [window.fromMs, ...inside, window.toMs]
  const estimates = atMs.map((at) => {
    const ntu = stateAt(turbidity, at)
    return Number.isNaN(ntu) ? null : estimatedSolids(regression, Math.max(0, ntu))
  })
  const known = estimates.flatMap((one) => (one === null ? [] : [one]))
  const flowLs = atMs.map((at) => 1000 * Math.max(0, stateAt(flow, at)))
  if (known.length < atMs.length || flowLs.some(Number.isNaN)) return null
  const { massKg, emcMgL } = pollutantLoad({
    atMs,
    flowLs,
    concMgL: known.map(({ solidsMgL }) => solidsMgL),
  })
  const beyond = known.filter((one) => one.beyond !== null).length
  return { massKg, emcMgL, beyondSampled: beyond / known.length }
}
