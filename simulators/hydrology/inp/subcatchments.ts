import type { LidControl, LidUse } from '../lid/makeup.js'
import type { Outlet, SubcatchmentMakeup } from '../model.js'
import { upstreamFirst } from '../upstream-first.js'
import { Fields, POSITIVE } from './fields.js'
import { infiltrationOf } from './infiltration.js'
import type { Method } from './options.js'
import { rowsByName, type InpFault, type InpRow } from './rows.js'
import type { InpUnits } from './units.js'

/** What subcatchments refer to. */
export interface SubcatchmentContext {
  readonly units: InpUnits
  readonly method: Method
  readonly dryBeforeS: number
  readonly gauges: ReadonlyMap<string, number>
  readonly nodes: ReadonlyMap<string, number>
  readonly controls: ReadonlyMap<string, LidControl>
  readonly rows: (section: string) => readonly InpRow[]
  readonly faults: InpFault[]
}

/** Reads [SUBCATCHMENTS] with their [SUBAREAS], [INFILTRATION] and [LID_USAGE]. */
export function subcatchmentsOf(context: SubcatchmentContext): readonly SubcatchmentMakeup[] {
  const { rows, faults } = context
  const own = rows('SUBCATCHMENTS')
  const at = new Map(own.map((row, i) => [row.cells[0] ?? '', i]))
  const areas = firstByName(rows('SUBAREAS'))
  const infiltration = firstByName(rows('INFILTRATION'))
  const usage = rowsByName(rows('LID_USAGE'))
  for (const section of ['SUBAREAS', 'INFILTRATION', 'LID_USAGE']) {
    for (const row of rows(section)) {
      if (at.has(row.cells[0] ?? '')) continue
      new Fields(row, faults).fault(`"${row.cells[0]}": expected one of [SUBCATCHMENTS]`)
    }
  }
  const read = own.map((row): SubcatchmentMakeup => {
    const fields = new Fields(row, faults)
    const name = fields.text(0, 'name')
    if (fields.has(8)) fields.refuse('a snow pack')
    const areaM2 = fields.number(3, 'area', { min: POSITIVE }) * context.units.areaM2
    const facilities = (usage.get(name) ?? []).map((use) =>
      lidUse(new Fields(use, faults), context),
    )
    checkFacilities(fields, facilities, areaM2)
    const gauge = fields.text(1, 'rain gauge')
    const gaugeAt = context.gauges.get(gauge)
    if (gaugeAt === undefined && gauge !== '*') {
      fields.fault(`rain gauge "${gauge}": expected one of [RAINGAGES]`)
    }
    return {
      name,
      gauge: gaugeAt ?? null,
      outlet: outletOf(fields, name, at, context),
      areaM2,
      impervious: fields.number(4, 'impervious, %', { min: 0, max: 100 }) / 100,
      widthM: fields.number(5, 'width', { min: 0 }) * context.units.lengthM,
      slope: fields.number(6, 'slope, %', { min: 0 }) / 100,
      ...surfaceFields(areas.get(name), fields, context),
      infiltration: infiltrationOf(infiltration.get(name), fields, context),
      facilities,
    }
  })
  const ordered = new Set(
    upstreamFirst(read.map(({ outlet }) => (outlet.to === 'subcatchment' ? outlet.at : null))),
  )
  const circling = own.find((_, i) => !ordered.has(i))
  if (circling !== undefined) {
    new Fields(circling, faults).fault(
      `the outlet of "${circling.cells[0]}" leads back to it: not supported`,
    )
  }
  return read
}

function firstByName(rows: readonly InpRow[]): ReadonlyMap<string, InpRow> {
  return new Map(rows.map((row) => [row.cells[0] ?? '', row]))
}

function outletOf(
  fields: Fields,
  own: string,
  subcatchments: ReadonlyMap<string, number>,
  { nodes }: SubcatchmentContext,
): Outlet {
  const name = fields.text(2, 'outlet')
  const node = nodes.get(name)
  if (node !== undefined) return { to: 'node', at: node }
  if (name === own) return { to: 'nowhere' }
  const at = subcatchments.get(name)
  if (at !== undefined) return { to: 'subcatchment', at }
  fields.fault(`outlet "${name}": expected a junction, an outfall or a subcatchment`)
  return { to: 'nowhere' }
}

function surfaceFields(
  row: InpRow | undefined,
  subcatchment: Fields,
  { units, faults }: SubcatchmentContext,
): Pick<SubcatchmentMakeup, 'roughness' | 'storageM' | 'withoutStorage' | 'routing'> {
  if (row === undefined) subcatchment.fault('expected a line in [SUBAREAS], too')
  const fields = new Fields(row ?? NO_SUBAREAS, faults)
  const to = fields.word(6, 'routing', ['OUTLET', 'IMPERVIOUS', 'PERVIOUS'], 'OUTLET') ?? 'OUTLET'
  return {
    roughness: {
      impervious: fields.number(1, 'roughness of impervious ground', { min: 0 }),
      pervious: fields.number(2, 'roughness of pervious ground', { min: 0 }),
    },
    storageM: {
      impervious: fields.number(3, 'storage on impervious ground', { min: 0 }) * units.depthM,
      pervious: fields.number(4, 'storage on pervious ground', { min: 0 }) * units.depthM,
    },
    withoutStorage: fields.number(5, 'share without storage, %', { min: 0, max: 100 }) / 100,
    routing: {
      to: to.toLowerCase() as Lowercase<typeof to>,
      share: fields.number(7, 'routed, %', { min: 0, max: 100, absent: 100 }) / 100,
    },
  }
}

const NO_SUBAREAS: InpRow = { line: 1, section: 'SUBAREAS', cells: ['', '0', '0', '0', '0', '0'] }
function lidUse(fields: Fields, { units, controls, dryBeforeS }: SubcatchmentContext): LidUse {
  const name = fields.text(1, 'LID control')
  const control = controls.get(name)
  if (control === undefined) fields.fault(`LID control "${name}": expected one of [LID_CONTROLS]`)
  if (fields.has(9) && fields.text(9, 'drain to') !== '*')
    fields.refuse('a drain with an outlet of its own')
  const share = (at: number, what: string): number =>
    fields.number(at, what, { min: 0, max: 100, absent: 0 }) / 100
  return {
    name,
    control: control ?? NO_CONTROL,
    dryBeforeS,
    count: fields.number(2, 'number of units', { min: 0 }),
    areaM2: fields.number(3, 'area of a unit', { min: POSITIVE }) * units.lidAreaM2,
    widthM: fields.number(4, 'width', { min: 0 }) * units.lengthM,
    initialShare: fields.number(5, 'initial saturation, %', { min: 0, max: 100 }) / 100,
    fromImpervious: share(6, 'from impervious, %'),
    toPervious: fields.number(7, 'to pervious', { min: 0, max: 1, absent: 0 }) === 1,
    fromPervious: share(10, 'from pervious, %'),
  }
}

const NO_CONTROL: LidControl = {
  kind: 'BC',
  layers: {
    surface: { bermM: 0, freeShare: 1, conveyance: 0 },
    ...{ pavement: null, soil: null, storage: null, drain: null, drainMat: null },
  },
}

function checkFacilities(fields: Fields, facilities: readonly LidUse[], areaM2: number): void {
  const sum = (of: (use: LidUse) => number): number =>
    facilities.reduce((all, use) => all + of(use), 0)
  if (sum(({ count, areaM2 }) => count * areaM2) > areaM2 * 1.001) {
    fields.fault('the facilities of [LID_USAGE] are larger than the subcatchment')
  }
  if (sum(({ fromImpervious }) => fromImpervious) > 1.001) {
    fields.fault('[LID_USAGE] sends more than 100 % of the impervious runoff to facilities')
  }
  if (sum(({ fromPervious }) => fromPervious) > 1.001) {
    fields.fault('[LID_USAGE] sends more than 100 % of the pervious runoff to facilities')
  }
}
