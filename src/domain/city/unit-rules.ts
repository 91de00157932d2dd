import type { Quantity } from '../quantity.js'

/** What the checks need to know of units. */
export interface UnitRules {
  /** Whether values in the unit can be turned into the quantity's internal unit. */
  convertible(unit: string, quantity: Quantity): boolean
  /** The units one may write, the internal one first; for the remedy. */
  accepted(quantity: Quantity): readonly string[]
}
