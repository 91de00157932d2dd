import type { Registry } from '../domain/city/registry.js'
import { localTime } from '../domain/local-time.js'
import { clockAligned } from '../domain/rain/hyetograph.js'
import type { Window } from '../domain/time.js'

/** More steps than this are no picture; the API asks for fewer. */
const MAX_STEPS = 200_000

/**
 * The steps of a picture, beginning on full multiples of the step by the city's clock.
 *
 * @throws RangeError for a step that is not positive, or more steps than anybody can see
 */
export function cityAligned(registry: Registry, window: Window, stepMs: number): Window {
  if (!(stepMs > 0)) throw new RangeError(`a step of ${stepMs} ms has no length`)
  if ((window.toMs - window.fromMs) / stepMs > MAX_STEPS) {
    throw new RangeError(`more than ${MAX_STEPS} steps of ${stepMs} ms; take a longer step`)
  }
  const offsetMs = localTime(registry.city.timeZone).offsetMs(window.fromMs)
  return clockAligned(window, stepMs, offsetMs)
}
