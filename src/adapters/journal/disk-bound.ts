import { TransientFault } from '../../domain/fault.js'
import type { JournalAlarm } from './journal-fault.js'

/** Keeps the folder within its bound, and says so long before. */
export interface DiskBound {
  /** null when `more` bytes fit, else the fault to reject with. */
  refusal(used: number, more: number): TransientFault | null
  /** To be told whenever bytes have come or gone. */
  watch(used: number): void
}

/** Share of the bound from which the alarm sounds: time enough to act. */
const ALARM_SHARE = 0.8

/** A full journal counts as full until it is this much emptier, so that the alarm does not flutter. */
const FULL_SHARE = 0.95

export function diskBound(maxBytes: number, alarm: (alarm: JournalAlarm) => void): DiskBound {
  let announced: 'room' | 'filling' | 'full' = 'room'
  const announce = (kind: 'room' | 'filling' | 'full', bytes: number): void => {
    if (kind === announced) return
    announced = kind
    alarm({ kind, bytes, maxBytes })
  }
  return {
    watch: (used) => {
      if (used < maxBytes * ALARM_SHARE) announce('room', used)
      else if (announced !== 'full' || used < maxBytes * FULL_SHARE) announce('filling', used)
    },
    refusal: (used, more) => {
      if (used + more <= maxBytes) return null
      announce('full', used)
      return new TransientFault(`the journal holds ${used} of at most ${maxBytes} bytes`)
    },
  }
}
