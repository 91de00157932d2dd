import type { LidControl, LidLayers } from '../lid/makeup.js'
import { Fields, POSITIVE } from './fields.js'
import { rowsByName, type InpFault, type InpRow } from './rows.js'

const S_PER_HOUR = 3600
const KINDS = ['BC', 'PP', 'GR', 'RB'] as const
const NAMES: Readonly<Record<string, string>> = {
  RG: 'a rain garden (RG)',
  IT: 'an infiltration trench (IT)',
  VS: 'a vegetative swale (VS)',
  RD: 'rooftop disconnection (RD)',
}

/** Layers that each kind must have. */
const NEEDED: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  BC: ['SURFACE', 'SOIL', 'STORAGE'],
  PP: ['SURFACE', 'PAVEMENT', 'STORAGE'],
  GR: ['SURFACE', 'SOIL', 'DRAINMAT'],
  RB: ['STORAGE'],
}

/** Reads [LID_CONTROLS]: the layers of each facility, in the units of depth of the file. */
export function lidControlsOf(
  rows: readonly InpRow[],
  depthM: number,
  faults: InpFault[],
): ReadonlyMap<string, LidControl> {
  const controls = new Map<string, LidControl>()
  for (const [name, [head, ...layerRows]] of rowsByName(rows)) {
    if (head === undefined) continue
    const fields = new Fields(head, faults)
    const named = NAMES[fields.text(1, 'type').toUpperCase()]
    if (named !== undefined) {
      fields.refuse(named)
      continue
    }
    const kind = fields.word(1, 'type', KINDS)
    if (kind === null) continue
    const layers = new Map(layerRows.map((row) => [(row.cells[1] ?? '').toUpperCase(), row]))
    for (const layer of NEEDED[kind]) {
      if (!layers.has(layer)) fields.fault(`${name}: a ${kind} needs a ${layer} line`)
    }
    const reader = (layer: string): Fields | null => {
      const row = layers.get(layer)
      return row === undefined ? null : new Fields(row, faults)
    }
    controls.set(name, { kind, layers: layersOf(reader, kind, depthM) })
    for (const [layer, row] of layers) {
      if (LAYERS.includes(layer)) continue
      new Fields(row, faults).fault(`layer "${layer}": expected ${LAYERS.join(', ')}`)
    }
  }
  return controls
}

const LAYERS = ['SURFACE', 'SOIL', 'PAVEMENT', 'STORAGE', 'DRAIN', 'DRAINMAT', 'REMOVALS']

function layersOf(
  reader: (layer: string) => Fields | null,
  kind: LidControl['kind'],
  depthM: number,
): LidLayers {
  const surface = reader('SURFACE')
  const pavement = kind === 'PP' ? reader('PAVEMENT') : null
  const soil = kind === 'RB' ? null : reader('SOIL')
  const storage = kind === 'GR' ? null : reader('STORAGE')
  const drain = kind === 'GR' ? null : reader('DRAIN')
  const mat = kind === 'GR' ? reader('DRAINMAT') : null
  const slope = surface?.number(5, 'surface slope, %', { min: 0, absent: 0 }) ?? 0
  const storageLayer = storage === null ? null : storageOf(storage, kind, depthM)
  const soilLayer = soil === null ? null : soilOf(soil, depthM)
  return {
    surface: surfaceOf(surface, slope, depthM),
    pavement: pavement === null ? null : pavementOf(pavement, depthM),
    soil: soilLayer !== null && soilLayer.thicknessM > 0 ? soilLayer : null,
    storage: storageLayer,
    drain: drain === null ? null : drainOf(drain, kind, depthM),
    drainMat: mat === null ? null : matOf(mat, slope, depthM),
  }
}

function conveyance(slopePercent: number, n: number): number {
  return n > 0 ? Math.sqrt(slopePercent / 100) / n : 0
}

function surfaceOf(fields: Fields | null, slope: number, depthM: number): LidLayers['surface'] {
  if (fields === null) return { bermM: 0, freeShare: 1, conveyance: 0 }
  return {
    bermM: fields.number(2, 'storage depth', { min: 0 }) * depthM,
    freeShare: 1 - fields.number(3, 'vegetation share', { min: 0, max: 0.99 }),
    conveyance: conveyance(slope, fields.number(4, 'roughness', { min: 0 })),
  }
}

function poresOf(fields: Fields, at: number): number {
  const ratio = fields.number(at, 'void ratio', { min: POSITIVE })
  return ratio / (1 + ratio)
}

function pavementOf(fields: Fields, depthM: number): LidLayers['pavement'] {
  const thicknessM = fields.number(2, 'thickness', { min: POSITIVE }) * depthM
  const permeableShare = 1 - fields.number(4, 'impervious share', { min: 0, max: 0.99 })
  const poreShare = poresOf(fields, 3) * permeableShare
  const clogging = fields.number(6, 'clogging factor', { min: 0, absent: 0 })
  if (fields.number(7, 'regeneration days', { min: 0, absent: 0 }) > 0) {
    fields.refuse('regeneration of a pavement')
  }
  return {
    ...{ thicknessM, poreShare },
    permeabilityMS:
      (fields.number(5, 'permeability', { min: 0 }) * permeableShare * depthM) / S_PER_HOUR,
    clogsAtM: clogging > 0 ? clogging * thicknessM * poreShare : Infinity,
  }
}

function soilOf(fields: Fields, depthM: number): NonNullable<LidLayers['soil']> {
  const porosity = fields.number(3, 'porosity', { min: POSITIVE, max: 1 })
  const fieldCapacity = fields.number(4, 'field capacity', { min: 0, max: 1 })
  const wiltingPoint = fields.number(5, 'wilting point', { min: 0, max: 1 })
  if (porosity <= fieldCapacity || fieldCapacity < wiltingPoint) {
    fields.fault('expected porosity above field capacity, and that not below the wilting point')
  }
  return {
    ...{ porosity, fieldCapacity, wiltingPoint },
    thicknessM: fields.number(2, 'thickness', { min: 0 }) * depthM,
    conductivityMS: (fields.number(6, 'conductivity', { min: POSITIVE }) * depthM) / S_PER_HOUR,
    conductivitySlope: fields.number(7, 'conductivity slope', { min: 0 }),
    suctionM: fields.number(8, 'suction head', { min: 0 }) * depthM,
  }
}

function storageOf(
  fields: Fields,
  kind: LidControl['kind'],
  depthM: number,
): NonNullable<LidLayers['storage']> {
  const isTank = kind === 'RB'
  const min = kind === 'BC' ? 0 : POSITIVE
  const thicknessM = fields.number(2, 'thickness', { min }) * depthM
  const poreShare = isTank || thicknessM === 0 ? 1 : poresOf(fields, 3)
  const clogging = fields.number(5, 'clogging factor', { min: 0, absent: 0 })
  return {
    ...{ thicknessM, poreShare },
    seepageMS: (fields.number(4, 'seepage rate', { min: 0, absent: 0 }) * depthM) / S_PER_HOUR,
    clogsAtM: clogging > 0 && thicknessM > 0 ? clogging * thicknessM * poreShare : Infinity,
    covered: isTank && fields.word(6, 'covered', ['YES', 'NO'], 'NO') === 'YES',
  }
}

function drainOf(fields: Fields, kind: LidControl['kind'], depthM: number): LidLayers['drain'] {
  const coefficient = fields.number(2, 'drain coefficient', { min: 0 })
  const exponent = fields.number(3, 'drain exponent', { min: 0 })
  if (fields.has(8) && fields.text(8, 'curve') !== '*') fields.refuse('a control curve of a drain')
  if (coefficient === 0) return null
  return {
    // C counts units of depth an hour with the head in units of depth.
    coefficient: (coefficient * depthM ** (1 - exponent)) / S_PER_HOUR,
    exponent,
    offsetM: fields.number(4, 'drain offset', { min: 0 }) * depthM,
    delayS:
      kind === 'RB' ? fields.number(5, 'drain delay, h', { min: 0, absent: 0 }) * S_PER_HOUR : 0,
    opensM: fields.number(6, 'level that opens the drain', { min: 0, absent: 0 }) * depthM,
    closesM: fields.number(7, 'level that closes the drain', { min: 0, absent: 0 }) * depthM,
  }
}

function matOf(fields: Fields, slope: number, depthM: number): NonNullable<LidLayers['drainMat']> {
  return {
    thicknessM: fields.number(2, 'thickness', { min: POSITIVE }) * depthM,
    poreShare: fields.number(3, 'void share', { min: POSITIVE, max: 1 }),
    conveyance: conveyance(slope, fields.number(4, 'roughness', { min: 0 })),
  }
}
