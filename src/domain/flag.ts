/**
 * Quality flag of one observation, in the numbers of the QARTOD manuals (U.S. IOOS,
 * "Manual for Real-Time Oceanographic Data Quality Control: Flags", 2020, table 1).
 */
export const FLAG = {
  good: 1,
  notEvaluated: 2,
  suspect: 3,
  fail: 4,
  missing: 9,
} as const

export type Flag = (typeof FLAG)[keyof typeof FLAG]

/**
 * Where a value comes from. The number is what stores keep; a higher number never means better.
 * `filled` values never prove a verdict; `arrival-stamped` values took their time from the journal
 * because the device has no clock.
 */
export const ORIGIN = {
  measured: 0,
  filled: 1,
  corrected: 2,
  imported: 3,
  arrivalStamped: 4,
} as const

export type OriginName = keyof typeof ORIGIN
export type Origin = (typeof ORIGIN)[OriginName]

const ORIGIN_NAMES = Object.keys(ORIGIN) as readonly OriginName[]

/** The word for a stored origin number; throws RangeError on a number no release has written. */
export function originName(origin: number): OriginName {
  const name = ORIGIN_NAMES[origin]
  if (name === undefined) throw new RangeError(`origin ${origin} is not one of 0..4`)
  return name
}
