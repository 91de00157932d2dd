import { Fields } from './fields.js'
import type { InpFault, InpSections } from './rows.js'

const READ = new Set([
  ...['TITLE', 'OPTIONS', 'RAINGAGES', 'EVAPORATION', 'SUBCATCHMENTS', 'SUBAREAS', 'INFILTRATION'],
  ...['LID_CONTROLS', 'LID_USAGE', 'TIMESERIES', 'JUNCTIONS', 'OUTFALLS', 'CONDUITS', 'XSECTIONS'],
])

/** Sections that would change the flows; everything else that is not read changes none. */
const REFUSED = new Set([
  ...['AQUIFERS', 'GROUNDWATER', 'GWF', 'SNOWPACKS', 'ADJUSTMENTS', 'FILES', 'EVENTS'],
  ...['STORAGE', 'DIVIDERS', 'PUMPS', 'ORIFICES', 'WEIRS', 'OUTLETS', 'CONTROLS'],
  ...['STREETS', 'INLETS', 'INLET_USAGE', 'INFLOWS', 'DWF', 'RDII', 'HYDROGRAPHS'],
])

/** Lines that would change the flows, in sections whose other lines change none. */
const REFUSED_LINES: Readonly<Record<string, (cells: readonly string[]) => boolean>> = {
  // Wind, melt and elevation concern snow alone; air temperatures would turn rain into snow.
  TEMPERATURE: ([source]) => /^(TIMESERIES|FILE)$/i.test(source ?? ''),
  // Kinematic waves know no head losses; seepage takes water.
  LOSSES: ([, , , , , seepage]) => Number(seepage ?? 0) !== 0,
}

/**
 * Names of the sections that are not read. Those with lines that would change the result are refused by
 * name; an empty section of any name harms nothing.
 */
export function coverageOf({ rows, heads }: InpSections, faults: InpFault[]): readonly string[] {
  for (const [name, lines] of rows) {
    const [first] = lines
    if (REFUSED.has(name) && first !== undefined) {
      new Fields(first, faults).fault('this section is not supported and would change the result')
    }
    for (const row of lines) {
      if (REFUSED_LINES[name]?.(row.cells) !== true) continue
      new Fields(row, faults).fault('this line is not supported and would change the result')
    }
  }
  return [...heads.keys()]
    .filter((name) => !READ.has(name) && rows.has(name))
    .map((name) => `[${name}]`)
}
