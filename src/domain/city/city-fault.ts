/** Keys and indices from the registry's root to a value, e.g. `['devices', 3, 'sensors', 0, 'unit']`. */
export type CityPath = readonly (string | number)[]

/** One thing that is wrong with a registry (or worth knowing about it), before anybody knows its line. */
export interface CityFault {
  readonly path: CityPath
  /** What was found, naming the ids concerned. */
  readonly message: string
  /** What would be right, as an instruction to who keeps the registry. */
  readonly remedy: string
}
