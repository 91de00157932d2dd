import type { Refusal } from '../domain/fault.js'
import type { TabledDevice } from './device-table.js'

/**
 * Whether an observation's time can be: not after its message arrived (beyond the tolerance), not
 * before the device stood there, not after it was taken away. Judged against the arrival time in
 * the journal, never against now, so that a rebuild years later says the same.
 *
 * @param toleranceMs how far a stamp may stand after the arrival, ms; >= 0
 */
export function timeRefusal(
  device: TabledDevice,
  field: string,
  atMs: number,
  arrivalMs: number,
  toleranceMs: number,
): Refusal | null {
  if (atMs > arrivalMs + toleranceMs) {
    const aheadS = Math.round((atMs - arrivalMs) / 1000)
    return {
      code: 'time_future',
      reason: `"${field}" is stamped ${iso(atMs)}, ${aheadS} s after its arrival; at most ${toleranceMs / 1000} s is tolerated: set the device's clock`,
    }
  }
  if (atMs < device.installedMs) {
    return {
      code: 'time_before_installation',
      reason: `"${field}" is stamped ${iso(atMs)}, before device ${device.device.id} was installed at ${iso(device.installedMs)}`,
    }
  }
  if (atMs > device.removedMs) {
    return {
      code: 'time_after_removal',
      reason: `"${field}" is stamped ${iso(atMs)}, after device ${device.device.id} was removed at ${iso(device.removedMs)}`,
    }
  }
  return null
}

/** Readable for any finite time, also outside what a Date can hold. */
function iso(atMs: number): string {
  return Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : `${atMs} ms`
}
