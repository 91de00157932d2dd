import { FLAG, ORIGIN } from './flag.js'

/** Which observations a computation takes. Failed (4) and missing (9) ones are never taken. */
export interface Selection {
  /** Flag 3 stays in until reviewed; `out` computes the other answer beside it. */
  readonly suspect: 'in' | 'out'
  /** Filled values may be shown, but they never prove a verdict. */
  readonly filled: 'in' | 'out'
}

/** What a page shows: everything that has a value and did not fail. */
export const SHOWN: Selection = { suspect: 'in', filled: 'in' }

/** What a verdict rests on before anybody has reviewed the suspect values. */
export const JUDGED: Selection = { suspect: 'in', filled: 'out' }

/** The same without the suspect values. */
export const JUDGED_WITHOUT_SUSPECT: Selection = { suspect: 'out', filled: 'out' }

/** Whether an observation takes part. */
export function isTaken(flag: number, origin: number, selection: Selection): boolean {
  if (flag === FLAG.missing || flag === FLAG.fail) return false
  if (flag === FLAG.suspect && selection.suspect === 'out') return false
  return origin !== ORIGIN.filled || selection.filled === 'in'
}
