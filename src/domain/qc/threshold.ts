import { FLAG, type Flag } from '../flag.js'

/** Two marks on one scale; a mark left out is not tested, a mark of zero is tested like any other. */
export interface Thresholds {
  readonly suspect?: number | undefined
  readonly fail?: number | undefined
}

/** Fail strictly above the fail threshold, else suspect strictly above the suspect one, else good. */
export function flagAbove(value: number, { suspect, fail }: Thresholds): Flag {
  if (fail !== undefined && value > fail) return FLAG.fail
  if (suspect !== undefined && value > suspect) return FLAG.suspect
  return FLAG.good
}

/** Fail strictly below the fail threshold, else suspect strictly below the suspect one, else good. */
export function flagBelow(value: number, { suspect, fail }: Thresholds): Flag {
  if (fail !== undefined && value < fail) return FLAG.fail
  if (suspect !== undefined && value < suspect) return FLAG.suspect
  return FLAG.good
}
