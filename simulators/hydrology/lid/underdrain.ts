import type { Underdrain } from './makeup.js'

/**
 * Flow of an underdrain that nothing limits, m/s, with its memory of being open or closed
 * (SWMM Reference Manual, vol. III, EPA/600/R-16/093, section 6.2: the drain equation).
 */
export function underdrainFlow(drain: Underdrain): (levelM: number) => number {
  let open = drain.opensM === 0
  return (levelM) => {
    if (open && drain.closesM > 0 && levelM <= drain.closesM) open = false
    else if (!open && levelM >= drain.opensM) open = true
    const headM = levelM - drain.offsetM
    return open && headM > 0 ? drain.coefficient * headM ** drain.exponent : 0
  }
}
