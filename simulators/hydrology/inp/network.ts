import type { ConduitMakeup, ConduitShape, NetworkMakeup, NodeMakeup } from '../model.js'
import { upstreamFirst } from '../upstream-first.js'
import { Fields, POSITIVE } from './fields.js'
import type { InpOptions } from './options.js'
import type { InpFault, InpRow } from './rows.js'
import type { InpUnits } from './units.js'

/** SWMM takes no fall below this over a conduit (User's Manual 5.2, conduits): 0.001 ft. */
const LEAST_FALL_M = 0.001 * 0.3048

export interface NetworkContext {
  readonly units: InpUnits
  readonly options: InpOptions
  readonly rows: (section: string) => readonly InpRow[]
  readonly faults: InpFault[]
}

/** Reads [JUNCTIONS], [OUTFALLS], [CONDUITS] and [XSECTIONS]. */
export function networkOf(context: NetworkContext): NetworkMakeup {
  const { units, rows, faults, options } = context
  const nodes: NodeMakeup[] = []
  const bedsM: number[] = []
  for (const row of rows('JUNCTIONS')) {
    const fields = new Fields(row, faults)
    nodes.push({ name: fields.text(0, 'name'), kind: 'junction' })
    bedsM.push(fields.number(1, 'elevation') * units.lengthM)
    if (fields.number(3, 'initial depth', { min: 0, absent: 0 }) > 0) {
      fields.refuse('an initial depth of a junction')
    }
  }
  for (const row of rows('OUTFALLS')) {
    const fields = new Fields(row, faults)
    nodes.push({ name: fields.text(0, 'name'), kind: 'outfall' })
    bedsM.push(fields.number(1, 'elevation') * units.lengthM)
    const type = fields.text(2, 'type', 'FREE').toUpperCase()
    if (fields.has(type === 'FREE' || type === 'NORMAL' ? 4 : 5)) {
      fields.refuse('an outfall that flows back onto a subcatchment')
    }
  }
  const at = new Map(nodes.map(({ name }, i) => [name, i]))
  const sections = new Map(rows('XSECTIONS').map((row) => [row.cells[0] ?? '', row]))
  const [first] = rows('CONDUITS')
  if (first !== undefined && options.routing !== 'KINWAVE') {
    new Fields(first, faults).refuse(`FLOW_ROUTING ${options.routing} of conduits (KINWAVE is)`)
  }
  const taken = new Set<number>()
  const conduits = rows('CONDUITS').map((row) => {
    const fields = new Fields(row, faults)
    const made = conduitOf(fields, sections, at, bedsM, context)
    if (taken.has(made.from)) {
      fields.refuse(`a second conduit from node "${fields.text(1, 'from')}"`)
    }
    if (nodes[made.from]?.kind === 'outfall') {
      fields.fault(`from "${fields.text(1, 'from')}": expected a junction, not an outfall`)
    }
    taken.add(made.from)
    return made
  })
  const below = nodes.map((_, node) => conduits.find(({ from }) => from === node)?.to ?? null)
  const ordered = new Set(upstreamFirst(below))
  const circling = conduits.findIndex(({ from }) => from >= 0 && !ordered.has(from))
  const row = rows('CONDUITS')[circling]
  if (row !== undefined)
    new Fields(row, faults).fault('the conduits flow in a circle: not supported')
  return { nodes, conduits }
}

function conduitOf(
  fields: Fields,
  sections: ReadonlyMap<string, InpRow>,
  nodes: ReadonlyMap<string, number>,
  bedsM: readonly number[],
  { units, options, faults }: NetworkContext,
): ConduitMakeup {
  const name = fields.text(0, 'name')
  const end = (at: number, what: string): number => {
    const node = nodes.get(fields.text(at, what))
    if (node === undefined) {
      fields.fault(
        `${what} "${fields.row.cells[at] ?? ''}": expected one of [JUNCTIONS] or [OUTFALLS]`,
      )
    }
    return node ?? -1
  }
  const from = end(1, 'from')
  const to = end(2, 'to')
  const lengthM = fields.number(3, 'length', { min: POSITIVE }) * units.lengthM
  const offsetM = (at: number, what: string, bedM: number): number => {
    if (fields.row.cells[at] === '*') return 0
    const value = fields.number(at, what, { absent: 0 }) * units.lengthM
    return options.offsetsAreElevations ? value - bedM : value
  }
  const upperM = (bedsM[from] ?? 0) + offsetM(5, 'inlet offset', bedsM[from] ?? 0)
  const lowerM = (bedsM[to] ?? 0) + offsetM(6, 'outlet offset', bedsM[to] ?? 0)
  if (fields.number(7, 'initial flow', { absent: 0 }) > 0) fields.refuse('an initial flow')
  if (fields.number(8, 'greatest flow', { min: 0, absent: 0 }) > 0) fields.refuse('a greatest flow')
  if (lowerM - upperM > 1e-6) fields.refuse(`an adverse slope (conduit "${name}")`)
  const fallM = Math.max(upperM - lowerM, LEAST_FALL_M)
  const runM = fallM < lengthM ? Math.sqrt(lengthM ** 2 - fallM ** 2) : lengthM
  const section = sections.get(name)
  if (section === undefined) fields.fault(`conduit "${name}": expected a line in [XSECTIONS], too`)
  const shape = new Fields(section ?? NO_SECTION, faults)
  return {
    ...{ name, from, to, lengthM },
    roughness: fields.number(4, 'roughness', { min: POSITIVE }),
    slope: Math.max(fallM / runM, options.leastSlope),
    shape: shapeOf(shape, units.lengthM),
    barrels: shape.number(6, 'barrels', { min: 1, absent: 1 }),
  }
}

const NO_SECTION: InpRow = { line: 1, section: 'XSECTIONS', cells: ['', 'CIRCULAR', '1'] }

function shapeOf(fields: Fields, lengthM: number): ConduitShape {
  const shape = fields.text(1, 'shape').toUpperCase()
  const size = (at: number, what: string): number =>
    fields.number(at, what, { min: POSITIVE }) * lengthM
  const heightM = size(2, 'height')
  if (shape === 'RECT_CLOSED') {
    return { kind: 'closed-rectangle', heightM, widthM: size(3, 'width') }
  }
  if (shape === 'RECT_OPEN') return { kind: 'open-rectangle', heightM, widthM: size(3, 'width') }
  if (shape !== 'CIRCULAR')
    fields.refuse(`the shape ${shape} (CIRCULAR, RECT_CLOSED and RECT_OPEN are)`)
  return { kind: 'circular', heightM }
}
