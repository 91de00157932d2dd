import { greenAmpt } from '../green-ampt.js'
import { layerFluxes, type LayerState } from './layer-fluxes.js'
import type { LidLayers, LidUnit } from './makeup.js'
import { underdrainFlow } from './underdrain.js'

/** The share counts between wilting point and porosity of the soil, and the pores below it. */
function initialState(layers: LidLayers, share: number): LayerState {
  const { soil, storage, drainMat } = layers
  return {
    surfaceM: 0,
    // A pavement starts dry, whatever lies below it.
    pavementM: 0,
    moisture: soil === null ? 0 : soil.wiltingPoint + share * (soil.porosity - soil.wiltingPoint),
    storageM: share * (storage?.thicknessM ?? drainMat?.thicknessM ?? 0),
  }
}

/**
 * Bioretention, permeable pavement or green roof: a column of layers, each an equation of what
 * comes and goes, advanced by Euler's method with fluxes limited by the water and the room that
 * each layer has (SWMM Reference Manual, vol. III, EPA/600/R-16/093, chapter 6).
 *
 * @param widthM width of the outflow face of the unit
 * @param areaM2 its area
 */
export function layeredUnit(
  layers: LidLayers,
  initialShare: number,
  widthM: number,
  areaM2: number,
): LidUnit {
  const { surface, pavement, soil, storage, drainMat, drain } = layers
  const state = initialState(layers, initialShare)
  const intake =
    soil === null || pavement !== null
      ? null
      : greenAmpt({
          suctionM: soil.suctionM,
          conductivityMS: soil.conductivityMS,
          deficit: (soil.porosity - soil.wiltingPoint) * (1 - initialShare),
          modified: true,
        })
  const bottomPores = storage?.poreShare ?? drainMat?.poreShare ?? 0
  const fluxesOf = layerFluxes(layers, {
    perWidth: areaM2 > 0 ? widthM / areaM2 : 0,
    drainFlow: drain === null ? () => 0 : underdrainFlow(drain),
  })
  const spillsAtOnce = surface.conveyance === 0 || widthM === 0
  let treatedM = 0

  function storedM(): number {
    return (
      state.surfaceM * surface.freeShare +
      state.pavementM * (pavement?.poreShare ?? 0) +
      state.moisture * (soil?.thicknessM ?? 0) +
      state.storageM * bottomPores
    )
  }

  return {
    step(rainMS, runonMS, evaporationMS, stepS) {
      const inflowMS = rainMS + runonMS
      const pondedM = state.surfaceM
      const offeredMS =
        intake === null
          ? inflowMS + (pondedM * surface.freeShare) / stepS
          : intake.take(inflowMS, pondedM, stepS)
      const flux = fluxesOf(state, { inflowMS, offeredMS, evaporationMS, treatedM, stepS })
      treatedM += inflowMS * stepS

      state.surfaceM +=
        ((inflowMS - flux.surfaceEvapMS - flux.infilMS - flux.overflowMS) * stepS) /
        surface.freeShare
      if (pavement !== null) {
        state.pavementM +=
          ((flux.infilMS - flux.pavementEvapMS - flux.pavementOutMS) * stepS) / pavement.poreShare
      }
      if (soil !== null) {
        const intoSoilMS = pavement === null ? flux.infilMS : flux.pavementOutMS
        state.moisture += ((intoSoilMS - flux.soilEvapMS - flux.percMS) * stepS) / soil.thicknessM
      }
      if (bottomPores > 0) {
        state.storageM +=
          ((flux.percMS - flux.storageEvapMS - flux.seepageMS - flux.drainMS) * stepS) / bottomPores
      }
      let overflowMS = flux.overflowMS
      if (spillsAtOnce && state.surfaceM > surface.bermM) {
        overflowMS += ((state.surfaceM - surface.bermM) * surface.freeShare) / stepS
        state.surfaceM = surface.bermM
      }
      return {
        inflowMS,
        evaporationMS:
          flux.surfaceEvapMS + flux.pavementEvapMS + flux.soilEvapMS + flux.storageEvapMS,
        seepageMS: flux.seepageMS,
        overflowMS,
        drainMS: flux.drainMS,
      }
    },
    storedM,
  }
}
