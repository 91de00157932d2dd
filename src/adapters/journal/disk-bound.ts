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

export function diskBound(maxBytes: number, alarm: (alarm: JournalAlarm) => void): DiskBound {
  let announced: 'nothing' | 'filling' | 'full' = 'nothing'
  const watch = (used: number): void => {
    if (used < maxBytes * ALARM_SHARE) {
      announced = 'nothing'
    } else if (announced === 'nothing') {
      announced = 'filling'
      alarm({ kind: 'filling', bytes: used, maxBytes })
    }
  }
  return {
    watch,
    refusal: (used, more) => {
      if (used + more <= maxBytes) return null
      if (announced !== 'full') {
        announced = 'full'
        alarm({ kind: 'full', bytes: used, maxBytes })
      }
      return new TransientFault(`the journal holds ${used} of at most ${maxBytes} bytes`)
    },
  }
}
