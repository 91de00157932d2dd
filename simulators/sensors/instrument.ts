import type { Chance } from '../random.js'
import { applyFault } from './apply-fault.js'
import type { Fault } from './fault.js'
import { faultless, type FaultEntry, type Readings, type Signal } from './readings.js'

/** What an instrument says, and every fault it has. */
export interface Reported {
  readonly readings: Readings
  readonly faults: readonly FaultEntry[]
}

/**
 * A signal seen by an instrument: its faults act in the order given, as along a chain of
 * measurement (fouling, then noise, then the range's ends, then the resolution of the display).
 *
 * @param sensor its id; chance is drawn by it, so sensors do not disturb each other
 * @param startMs from where the seconds of a fault count, UTC epoch ms; the first instant unless given
 */
export function instrument(
  signal: Signal,
  sensor: string,
  faults: readonly Fault[],
  chance: Chance,
  startMs = signal.atMs[0] ?? 0,
): Reported {
  const entries: FaultEntry[] = []
  let readings = faultless(signal)
  for (const [position, fault] of faults.entries()) {
    const faulted = applyFault(readings, fault, { sensor, chance, position, startMs })
    readings = faulted.readings
    entries.push(faulted.entry)
  }
  return { readings, faults: entries }
}
