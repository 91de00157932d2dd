import type { HydrologyModel } from '../model.js'
import { coverageOf } from './coverage.js'
import { checkNames } from './fields.js'
import { lidControlsOf } from './lid-controls.js'
import { networkOf } from './network.js'
import { optionsOf } from './options.js'
import { InpError, sectionsOf, type InpFault, type InpRow } from './rows.js'
import { subcatchmentsOf } from './subcatchments.js'
import { timeSeriesOf, type ReadText } from './time-series.js'
import { UNITS } from './units.js'
import { evaporationOf, gaugesOf } from './weather.js'

/** A model, and the names of sections and options of its file that play no part in it. */
export interface ReadModel {
  readonly model: HydrologyModel
  readonly ignored: readonly string[]
}

/**
 * Reads a SWMM 5.2 input file (User's Manual 5.2, EPA/600/R-22/030, appendix D).
 *
 * @param readText reads the files that [TIMESERIES] names
 * @throws InpError with every fault and everything that this engine does not compute, by line
 */
export function readModel(text: string, readText: ReadText): ReadModel {
  const faults: InpFault[] = []
  const sections = sectionsOf(text, faults)
  const ignored = coverageOf(sections, faults)
  const rows = (section: string): readonly InpRow[] => sections.rows.get(section) ?? []
  for (const sections of [
    ['RAINGAGES'],
    ['SUBCATCHMENTS'],
    ['CONDUITS'],
    ['JUNCTIONS', 'OUTFALLS'],
  ]) {
    checkNames(sections.flatMap(rows), faults)
  }
  const options = optionsOf(rows('OPTIONS'), faults)
  const units = UNITS[options.flowUnit]
  const { startMs, durationS } = options
  const series = timeSeriesOf(rows('TIMESERIES'), startMs, readText, faults)
  const weather = { series, depthM: units.depthM, startMs, durationS, faults }
  const gauges = gaugesOf(rows('RAINGAGES'), weather)
  const evaporation = evaporationOf(rows('EVAPORATION'), weather)
  const network = networkOf({ units, options, rows, faults })
  const subcatchments = subcatchmentsOf({
    units,
    method: options.method,
    dryBeforeS: options.dryBeforeS,
    gauges: new Map([...gauges.keys()].map((name, i) => [name, i])),
    nodes: new Map(network.nodes.map(({ name }, i) => [name, i])),
    controls: lidControlsOf(rows('LID_CONTROLS'), units.depthM, faults),
    ...{ rows, faults },
  })
  if (subcatchments.length === 0) {
    faults.push({ line: 1, message: '[SUBCATCHMENTS] has no line: there is nothing to run' })
  }
  if (faults.length > 0) throw new InpError(faults.toSorted((a, b) => a.line - b.line))
  return {
    model: {
      ...{ startMs, durationS, subcatchments, network },
      steps: options.steps,
      rain: [...gauges.values()],
      evaporation: evaporation.rate,
      evaporatesOnlyDry: evaporation.onlyDry,
    },
    ignored: [...ignored, ...options.ignored],
  }
}
