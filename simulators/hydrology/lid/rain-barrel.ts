import type { LidLayers, LidUnit } from './makeup.js'
import { underdrainFlow } from './underdrain.js'

/**
 * A tank: filled by what is sent to it, emptied by its drain, spilling what it cannot hold
 * (SWMM Reference Manual, vol. III, section 6.3, rain barrel). Nothing evaporates from it. Rain on a covered
 * one is no part of the model: SWMM does not route it anywhere.
 *
 * @param dryBeforeS dry time before the start; it counts for the delay of the drain
 * @throws RangeError without a storage layer
 */
export function rainBarrel(layers: LidLayers, initialShare: number, dryBeforeS: number): LidUnit {
  const { storage, drain } = layers
  if (storage === null) throw new RangeError('a rain barrel needs a storage layer')
  const { thicknessM, covered } = storage
  const drainFlow = drain === null ? () => 0 : underdrainFlow(drain)
  const delayS = drain?.delayS ?? 0
  let levelM = initialShare * thicknessM
  let dryS = dryBeforeS

  return {
    step(rainMS, runonMS, _evaporationMS, stepS) {
      const inflowMS = runonMS + (covered ? 0 : rainMS)
      const isDry = rainMS === 0
      const isOpen = delayS === 0 || (isDry && dryS >= delayS)
      dryS = isDry ? dryS + stepS : 0
      const aboveOffsetMS = Math.max(0, levelM - (drain?.offsetM ?? 0)) / stepS
      const drainMS = isOpen ? Math.min(drainFlow(levelM), aboveOffsetMS) : 0
      const roomMS = (thicknessM - levelM) / stepS + drainMS
      const takenMS = Math.min(inflowMS, roomMS)
      levelM = clamped(levelM + (takenMS - drainMS) * stepS, thicknessM)
      return {
        inflowMS,
        evaporationMS: 0,
        seepageMS: 0,
        overflowMS: inflowMS - takenMS,
        drainMS,
      }
    },
    storedM: () => levelM,
  }
}

/** Round-off must not leave less than nothing or more than all. */
function clamped(levelM: number, mostM: number): number {
  return Math.min(Math.max(levelM, 0), mostM)
}
