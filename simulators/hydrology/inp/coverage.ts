import { Fields } from './fields.js'
import type { InpFault, InpSections } from './rows.js'

const READ = new Set([
  ...['TITLE', 'OPTIONS', 'RAINGAGES', 'EVAPORATION', 'SUBCATCHMENTS', 'SUBAREAS', 'INFILTRATION'],
  ...['LID_CONTROLS', 'LID_USAGE', 'TIMESERIES', 'JUNCTIONS', 'OUTFALLS', 'CONDUITS', 'XSECTIONS'],
])

/** Sections that would change the flows; everything else that is not read changes none. */
const REFUSED = new Set([
  ...['AQUIFERS', 'GROUNDWATER', 'GWF', 'SNOWPACKS', 'ADJUSTMENTS', 'FILES', 'EVENTS'],
  ...['STORAGE', 'DIVIDERS', 'PUMPS', 'ORIFICES', 'WEIRS', 'OUTLETS', 'LOSSES', 'CONTROLS'],
  ...['STREETS', 'INLETS', 'INLET_USAGE', 'INFLOWS', 'DWF', 'RDII', 'HYDROGRAPHS', 'TEMPERATURE'],
])

/**
 * Names of the sections that are not read. Those with lines that would change the result are refused by
 * name; an empty section of any name harms nothing.
 */
export function coverageOf({ rows, heads }: InpSections, faults: InpFault[]): readonly string[] {
  for (const [name, [first]] of rows) {
    if (REFUSED.has(name) && first !== undefined) {
      new Fields(first, faults).fault('this section is not supported and would change the result')
    }
  }
  return [...heads.keys()]
    .filter((name) => !READ.has(name) && rows.has(name))
    .map((name) => `[${name}]`)
}
