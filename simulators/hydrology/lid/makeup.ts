/** Layers of a facility, in SI; depths are over its area. */
export interface LidLayers {
  readonly surface: SurfaceLayer
  readonly pavement: PavementLayer | null
  readonly soil: SoilLayer | null
  readonly storage: StorageLayer | null
  readonly drain: Underdrain | null
  readonly drainMat: DrainMat | null
}

export interface SurfaceLayer {
  /** Height of the berm, m. */
  readonly bermM: number
  /** Share of the volume above ground that plants leave free, above 0 to 1. */
  readonly freeShare: number
  /** `√S/n` of the surface; 0 when water above the berm leaves at once. */
  readonly conveyance: number
}

export interface PavementLayer {
  readonly thicknessM: number
  /** Pores over the whole layer: `e/(1 + e)` times the permeable share. */
  readonly poreShare: number
  /** Over the whole layer, m/s. */
  readonly permeabilityMS: number
  /** Treated depth that clogs it wholly, m; Infinity when it does not clog. */
  readonly clogsAtM: number
}

export interface SoilLayer {
  readonly thicknessM: number
  readonly porosity: number
  readonly fieldCapacity: number
  readonly wiltingPoint: number
  readonly conductivityMS: number
  /** HCO: slope of the logarithm of conductivity over moisture. */
  readonly conductivitySlope: number
  readonly suctionM: number
}

export interface StorageLayer {
  readonly thicknessM: number
  /** Pores: `e/(1 + e)`, 1 for a tank. */
  readonly poreShare: number
  /** Seepage into native soil, m/s. */
  readonly seepageMS: number
  readonly clogsAtM: number
  /** A covered tank takes no rain. */
  readonly covered: boolean
}

/** `q = C·h^n`, h over the offset. */
export interface Underdrain {
  /** C for q in m/s and h in m. */
  readonly coefficient: number
  readonly exponent: number
  readonly offsetM: number
  /** Dry time before a tank's drain opens, s; 0: it is always open. */
  readonly delayS: number
  /** Level above which a closed drain opens, and below which an open one closes, m; 0: none. */
  readonly opensM: number
  readonly closesM: number
}

export interface DrainMat {
  readonly thicknessM: number
  readonly poreShare: number
  /** `√S/n` of the mat with the slope of the surface; 0: it takes all that comes. */
  readonly conveyance: number
}

/** One kind of facility in one subcatchment. */
export interface LidUse {
  readonly name: string
  readonly control: LidControl
  readonly count: number
  /** Area of one unit, m², > 0. */
  readonly areaM2: number
  /** Width of the outflow face of one unit, m, ≥ 0. */
  readonly widthM: number
  /** Share of the pores that is full at the start, 0..1. */
  readonly initialShare: number
  /** Dry time before the start, s, ≥ 0. */
  readonly dryBeforeS: number
  /** Share of the impervious and of the pervious runoff that it receives, 0..1. */
  readonly fromImpervious: number
  readonly fromPervious: number
  /** Whether its outflow goes onto the pervious area instead of to the outlet. */
  readonly toPervious: boolean
}

export interface LidControl {
  readonly kind: 'BC' | 'PP' | 'GR' | 'RB'
  readonly layers: LidLayers
}

/** What a unit did in a step: mean rates over its area, m/s. */
export interface LidStep {
  readonly inflowMS: number
  readonly evaporationMS: number
  readonly seepageMS: number
  readonly overflowMS: number
  readonly drainMS: number
}

export interface LidUnit {
  /**
   * Advances one step.
   *
   * @param rainMS rain on the unit, m/s
   * @param runonMS runoff sent to it, over its area, m/s
   * @param evaporationMS potential evaporation, m/s
   */
  step(rainMS: number, runonMS: number, evaporationMS: number, stepS: number): LidStep
  /** Water in all layers, m over its area. */
  storedM(): number
}
