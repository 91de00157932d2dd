import type { LidLayers, PavementLayer, SoilLayer, StorageLayer } from './makeup.js'

/** Levels of water in the layers, and the moisture of the soil. */
export interface LayerState {
  surfaceM: number
  pavementM: number
  moisture: number
  storageM: number
}

/** What moves between the layers in a step, m/s over the unit. */
export interface LayerFluxes {
  infilMS: number
  overflowMS: number
  pavementOutMS: number
  /** What reaches the storage layer, or leaves the last layer where there is none. */
  percMS: number
  seepageMS: number
  drainMS: number
  surfaceEvapMS: number
  pavementEvapMS: number
  soilEvapMS: number
  storageEvapMS: number
}

export interface LayerStep {
  readonly inflowMS: number
  /** Most that the ground below the surface would take, m/s. */
  readonly offeredMS: number
  readonly evaporationMS: number
  /** All that came before, m: it clogs. */
  readonly treatedM: number
  readonly stepS: number
}

interface Outlets {
  /** Width of the outflow face over the area, 1/m. */
  readonly perWidth: number
  /** Flow of the underdrain at a level, m/s. */
  readonly drainFlow: (levelM: number) => number
}

const EXPONENT = 5 / 3

/** Rate limited from both sides: never below nothing. */
function atMost(rate: number, limit: number): number {
  return Math.max(0, Math.min(rate, limit))
}

/**
 * Fluxes of one explicit step. First what each layer would give with the water that it has, from the
 * top down; then what the layer below has room for, from the bottom up. Where the lowest layer
 * and the one upon it are full, what leaves is no more than what seeps through, so that no drain sucks.
 */
export function layerFluxes(
  layers: LidLayers,
  { perWidth, drainFlow }: Outlets,
): (state: LayerState, step: LayerStep) => LayerFluxes {
  const { surface, pavement, soil, storage, drain, drainMat } = layers
  const bottom = storage ?? drainMat
  const bottomM = bottom?.thicknessM ?? 0
  const bottomPores = bottom?.poreShare ?? 0

  /** Level that drives the underdrain: water in the layers above counts once all below is full. */
  function drivingLevelM(state: LayerState): number {
    let level = state.storageM
    if (level < bottomM) return level
    if (soil !== null) {
      if (state.moisture <= soil.fieldCapacity) return level
      const wet = (state.moisture - soil.fieldCapacity) / (soil.porosity - soil.fieldCapacity)
      level += wet * soil.thicknessM
      if (state.moisture < soil.porosity) return level
    }
    if (pavement !== null) {
      level += state.pavementM
      if (state.pavementM < pavement.thicknessM) return level
    }
    return level + state.surfaceM
  }

  function bottomOutflow(state: LayerState, arrivingMS: number): number {
    if (drainMat !== null) {
      if (drainMat.conveyance === 0 || perWidth === 0) return arrivingMS
      return (
        drainMat.conveyance *
        perWidth *
        drainMat.poreShare *
        Math.max(0, state.storageM) ** EXPONENT
      )
    }
    return drainFlow(drivingLevelM(state))
  }

  return (state, { inflowMS, offeredMS, evaporationMS, treatedM, stepS }) => {
    // Under a pavement the manual's rule that nothing evaporates while water soaks in does not apply.
    const evaporation = evaporated(
      layers,
      state,
      evaporationMS,
      pavement === null && offeredMS > 0,
      stepS,
    )
    const { pavementEvapMS, soilEvapMS, storageEvapMS } = evaporation
    let infilMS = offeredMS
    let pavementOutMS = 0
    if (pavement !== null) {
      const permeableMS = permeability(pavement, treatedM)
      infilMS = Math.min(infilMS, permeableMS)
      const heldMS = (state.pavementM * pavement.poreShare) / stepS
      pavementOutMS = atMost(permeableMS, heldMS + infilMS - pavementEvapMS)
    }
    let percMS = pavement === null ? infilMS : pavementOutMS
    if (soil !== null) {
      const heldMS = ((state.moisture - soil.fieldCapacity) * soil.thicknessM) / stepS
      percMS = atMost(percolation(soil, state.moisture), Math.max(0, heldMS) - soilEvapMS)
    }
    let seepageMS = storage === null ? 0 : seepage(storage, treatedM)
    let drainMS = bottomOutflow(state, percMS)

    const bottomFull = state.storageM >= bottomM
    const upperFull =
      soil === null
        ? pavement !== null && state.pavementM >= pavement.thicknessM
        : state.moisture >= soil.porosity
    if (bottomM === 0) {
      // Without a storage layer the native soil takes what comes through, as fast as it can.
      percMS = Math.min(percMS, storage === null ? percMS : seepageMS)
      seepageMS = storage === null ? 0 : percMS
      drainMS = storage === null ? percMS : 0
    } else if (bottomFull && upperFull) {
      percMS = Math.min(percMS, seepageMS + drainMS)
      seepageMS = Math.min(seepageMS, percMS)
      drainMS = percMS - seepageMS
    } else {
      const heldMS = (state.storageM * bottomPores) / stepS
      seepageMS = atMost(seepageMS, percMS - storageEvapMS + heldMS)
      const offsetM = drain?.offsetM ?? 0
      const drainableMS = (Math.max(0, state.storageM - offsetM) * bottomPores) / stepS
      drainMS = atMost(drainMS, drainableMS + (bottomFull ? percMS : 0) - seepageMS - storageEvapMS)
      const roomMS = ((bottomM - state.storageM) * bottomPores) / stepS
      percMS = Math.min(percMS, Math.max(0, roomMS) + seepageMS + drainMS + storageEvapMS)
    }
    if (soil !== null) {
      const roomMS = ((soil.porosity - state.moisture) * soil.thicknessM) / stepS
      const takesMS = Math.max(0, roomMS) + percMS + soilEvapMS
      if (pavement === null) infilMS = Math.min(infilMS, takesMS)
      else pavementOutMS = Math.min(pavementOutMS, takesMS)
    } else pavementOutMS = percMS
    if (pavement !== null) {
      const roomMS = ((pavement.thicknessM - state.pavementM) * pavement.poreShare) / stepS
      infilMS = Math.min(infilMS, Math.max(0, roomMS) + pavementOutMS + pavementEvapMS)
    }
    const heldMS = (state.surfaceM * surface.freeShare) / stepS
    infilMS = atMost(infilMS, heldMS + inflowMS - evaporation.surfaceEvapMS)
    const leftMS = heldMS + inflowMS - evaporation.surfaceEvapMS - infilMS
    const overflowMS = atMost(overBerm(state, stepS), leftMS)
    return {
      ...evaporation,
      ...{ infilMS, pavementOutMS, percMS, seepageMS, drainMS, overflowMS },
    }
  }

  /** Sheet flow over the berm, not more in a step than stands above it. */
  function overBerm(state: LayerState, stepS: number): number {
    const aboveM = state.surfaceM - surface.bermM
    if (aboveM <= 0 || surface.conveyance === 0 || perWidth === 0) return 0
    const flowMS = surface.conveyance * perWidth * aboveM ** EXPONENT
    return Math.min(flowMS, (aboveM * surface.freeShare) / stepS)
  }
}

type Evaporation = Pick<
  LayerFluxes,
  'surfaceEvapMS' | 'pavementEvapMS' | 'soilEvapMS' | 'storageEvapMS'
>

/** Evaporation takes from the top down, and from below the surface only while nothing soaks in. */
function evaporated(
  { surface, pavement, soil, storage, drainMat }: LidLayers,
  state: LayerState,
  potentialMS: number,
  soaking: boolean,
  stepS: number,
): Evaporation {
  const surfaceEvapMS = atMost(potentialMS, (state.surfaceM * surface.freeShare) / stepS)
  let leftMS = soaking ? 0 : potentialMS - surfaceEvapMS
  function taken(heldM: number): number {
    const rate = atMost(leftMS, heldM / stepS)
    leftMS -= rate
    return rate
  }
  return {
    surfaceEvapMS,
    pavementEvapMS: taken(state.pavementM * (pavement?.poreShare ?? 0)),
    soilEvapMS: soil === null ? 0 : taken((state.moisture - soil.wiltingPoint) * soil.thicknessM),
    storageEvapMS: taken(state.storageM * (storage?.poreShare ?? drainMat?.poreShare ?? 0)),
  }
}

/** Unsaturated conductivity, none below field capacity. */
function percolation(soil: SoilLayer, moisture: number): number {
  if (moisture <= soil.fieldCapacity) return 0
  return soil.conductivityMS * Math.exp(-soil.conductivitySlope * (soil.porosity - moisture))
}

function permeability(pavement: PavementLayer, treatedM: number): number {
  return pavement.permeabilityMS * Math.max(0, 1 - treatedM / pavement.clogsAtM)
}

function seepage(storage: StorageLayer, treatedM: number): number {
  return storage.seepageMS * Math.max(0, 1 - treatedM / storage.clogsAtM)
}
