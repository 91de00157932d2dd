/** Ground that takes water from a surface. It remembers what it took. */
export interface Infiltration {
  /**
   * Mean rate of infiltration over a step, m/s; never more than the supply and the ponded water.
   *
   * @param supplyMS rain and run-on, m/s
   * @param pondedM water that stands on the surface when the step begins, m
   * @param stepS > 0
   */
  take(supplyMS: number, pondedM: number, stepS: number): number
}

/** An impervious surface, or ground that takes nothing. */
export const NO_INFILTRATION: Infiltration = { take: () => 0 }
