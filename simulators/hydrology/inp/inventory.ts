import { rounded } from '../../../src/domain/rounding.js'
import { dateMs } from './clock.js'
import { Fields, POSITIVE } from './fields.js'
import { InpError, rowsByName, sectionsOf, type InpFault, type InpRow } from './rows.js'
import { UNITS, type FlowUnit } from './units.js'

/** What stands where in a SWMM file, whatever it computes. */
export interface InpInventory {
  readonly startMs: number
  readonly gauges: readonly InpPlace[]
  readonly subcatchments: readonly InpSubcatchment[]
  readonly outfalls: readonly InpPlace[]
}

export interface InpPlace {
  readonly name: string
  /** Longitude and latitude; null unless the file's map is in degrees and has the place. */
  readonly position: readonly [number, number] | null
}

export interface InpSubcatchment {
  readonly name: string
  readonly gauge: string
  /** The outfall that its runoff comes to; null when the file does not tell. */
  readonly outfall: string | null
  readonly areaM2: number
  readonly perviousM2: number
  readonly imperviousM2: number
  /** Area of facilities by their type in [LID_CONTROLS]. */
  readonly facilities: ReadonlyMap<string, number>
}

/** Sections of links: name, from, to. */
const LINKS = ['CONDUITS', 'PUMPS', 'ORIFICES', 'WEIRS', 'OUTLETS']
const NODES = ['JUNCTIONS', 'STORAGE', 'DIVIDERS']

/**
 * Reads the things of a SWMM file that a city's registry is made of; more files can be read for that
 * than can be run.
 *
 * @throws InpError with every fault, by line
 */
export function inventoryOf(text: string): InpInventory {
  const faults: InpFault[] = []
  const sections = sectionsOf(text, faults)
  const rows = (section: string): readonly InpRow[] => sections.rows.get(section) ?? []
  const option = (name: string): Fields | null => {
    const row = rows('OPTIONS').findLast(({ cells }) => cells[0]?.toUpperCase() === name)
    return row === undefined ? null : new Fields(row, faults)
  }
  const unit = option('FLOW_UNITS')?.word(1, 'FLOW_UNITS', Object.keys(UNITS) as FlowUnit[])
  const inDegrees = rows('MAP').some(
    ({ cells }) => cells[0]?.toUpperCase() === 'UNITS' && cells[1]?.toUpperCase() === 'DEGREES',
  )
  const startMs = dateMs(option('START_DATE')?.text(1, 'START_DATE') ?? '01/01/2004')
  if (startMs === null) {
    option('START_DATE')?.fault('START_DATE: expected a date such as 06/01/2020')
  }
  const inventory = {
    startMs: startMs ?? 0,
    gauges: placesOf(rows('RAINGAGES'), rows('SYMBOLS'), inDegrees),
    outfalls: placesOf(rows('OUTFALLS'), rows('COORDINATES'), inDegrees),
    subcatchments: subcatchmentsOf(rows, UNITS[unit ?? 'CFS'], faults),
  }
  if (inventory.subcatchments.length === 0) {
    faults.push({ line: 1, message: '[SUBCATCHMENTS] has no line' })
  }
  if (inventory.gauges.length === 0) faults.push({ line: 1, message: '[RAINGAGES] has no line' })
  if (faults.length > 0) throw new InpError(faults.toSorted((a, b) => a.line - b.line))
  return inventory
}

function placesOf(
  things: readonly InpRow[],
  coordinates: readonly InpRow[],
  inDegrees: boolean,
): readonly InpPlace[] {
  const byName = rowsByName(coordinates)
  return things.map(({ cells }) => {
    const name = cells[0] ?? ''
    const [, x, y] = byName.get(name)?.[0]?.cells ?? []
    const [lon, lat] = [Number(x), Number(y)]
    const isPlace = inDegrees && Math.abs(lon) <= 180 && Math.abs(lat) <= 90
    return { name, position: isPlace ? [lon, lat] : null }
  })
}

function subcatchmentsOf(
  rows: (section: string) => readonly InpRow[],
  units: { readonly areaM2: number; readonly lidAreaM2: number },
  faults: InpFault[],
): readonly InpSubcatchment[] {
  const outfallBelow = outfallFinder(rows)
  const gauges = new Set(rows('RAINGAGES').map(({ cells }) => cells[0] ?? ''))
  const kinds = new Map(
    [...rowsByName(rows('LID_CONTROLS'))].map(([name, [head]]) => [
      name,
      (head?.cells[1] ?? '').toUpperCase(),
    ]),
  )
  const usage = rowsByName(rows('LID_USAGE'))
  return rows('SUBCATCHMENTS').map((row) => {
    const fields = new Fields(row, faults)
    const name = fields.text(0, 'name')
    const gauge = fields.text(1, 'rain gauge')
    if (gauge !== '*' && !gauges.has(gauge)) {
      fields.fault(`rain gauge "${gauge}": expected one of [RAINGAGES]`)
    }
    const areaM2 = fields.number(3, 'area', { min: POSITIVE }) * units.areaM2
    const share = fields.number(4, 'impervious, %', { min: 0, max: 100 }) / 100
    const facilities = new Map<string, number>()
    for (const use of usage.get(name) ?? []) {
      const own = new Fields(use, faults)
      const kind = kinds.get(own.text(1, 'LID control')) ?? ''
      const count = own.number(2, 'number of units', { min: 0 })
      const lidM2 = count * own.number(3, 'area of a unit', { min: 0 }) * units.lidAreaM2
      facilities.set(kind, (facilities.get(kind) ?? 0) + lidM2)
    }
    const openM2 = Math.max(0, areaM2 - [...facilities.values()].reduce((sum, m2) => sum + m2, 0))
    return {
      name,
      gauge,
      outfall: outfallBelow(fields.text(2, 'outlet')),
      areaM2: rounded(areaM2),
      perviousM2: rounded(openM2 * (1 - share)),
      imperviousM2: rounded(openM2 * share),
      facilities,
    }
  })
}

/** Follows water down from an outlet: a node by its first link, a subcatchment by its outlet. */
function outfallFinder(
  rows: (section: string) => readonly InpRow[],
): (outlet: string) => string | null {
  const outfalls = new Set(rows('OUTFALLS').map(({ cells }) => cells[0] ?? ''))
  const links = rowsByName(
    LINKS.flatMap(rows).map((row) => ({ ...row, cells: row.cells.slice(1) })),
  )
  const nodes = new Set([...outfalls, ...NODES.flatMap(rows).map(({ cells }) => cells[0] ?? '')])
  const subcatchments = rowsByName(rows('SUBCATCHMENTS'))
  return (outlet) => {
    const passed = new Set<string>()
    let at = outlet
    while (nodes.has(at) || subcatchments.has(at)) {
      if (outfalls.has(at)) return at
      const isNode = nodes.has(at)
      const step = `${isNode ? 'node' : 'subcatchment'} ${at}`
      // A circle ends nowhere.
      if (passed.has(step)) return null
      passed.add(step)
      const next = isNode ? links.get(at)?.[0]?.cells[1] : subcatchments.get(at)?.[0]?.cells[2]
      if (next === undefined) return null
      at = next
    }
    return null
  }
}
