import type { Flag } from '../api/contract.js'
import type { Span } from '../api/client.js'

/** Colour of a curve: the name of a custom property in styles/tokens.css. */
export type Ink =
  'rain' | 'cumulative' | 'flow' | 'ponding-1' | 'ponding-2' | 'ponding-3' | 'ponding-4'

/** Values over steps of equal length; a step without valid data is null and is drawn as a gap. */
export interface Curve {
  readonly id: string
  readonly name: string
  readonly shape: 'bars' | 'line'
  readonly ink: Ink
  /** Printed unit. */
  readonly unit: string
  readonly digits: number
  readonly stepMs: number
  /** Start of each step, UTC epoch ms, ascending. */
  readonly fromMs: readonly number[]
  readonly values: readonly (number | null)[]
  readonly flags?: readonly Flag[]
  /** Share of each step that was observed and valid. */
  readonly coverage?: readonly number[]
  /** The newest observation, drawn at once, before its step is asked for again. */
  readonly newest?: NewestValue | null
  /** On an axis of its own at the right. */
  readonly axis?: 'own'
}

export interface NewestValue {
  readonly atMs: number
  readonly value: number
  readonly flag: Flag
}

/** One plot of the stack; all share the time axis. */
export interface Panel {
  readonly id: string
  readonly title: string
  /** Printed unit of the axis. */
  readonly unit: string
  /** `down`: from the top, as rain. */
  readonly grows: 'up' | 'down'
  /** Share of the height, relative to the other panels. */
  readonly weight: number
  /** The axis reaches at least this far, so that a trickle does not look like a flood. */
  readonly atLeast: number
  readonly curves: readonly Curve[]
  readonly limit?: { readonly value: number; readonly label: string }
}

/** A stretch without data, from the start of its first step to the end of its last. */
export function gaps(curve: Curve): Span[] {
  const found: Span[] = []
  curve.values.forEach((value, i) => {
    const fromMs = curve.fromMs[i]
    if (value !== null || fromMs === undefined) return
    const last = found.at(-1)
    if (last !== undefined && last.toMs === fromMs) {
      found[found.length - 1] = { fromMs: last.fromMs, toMs: fromMs + curve.stepMs }
    } else {
      found.push({ fromMs, toMs: fromMs + curve.stepMs })
    }
  })
  return found
}

/** The step that contains an instant; null outside. */
export function stepAt(curve: Curve, atMs: number): number | null {
  const first = curve.fromMs[0]
  if (first === undefined) return null
  const i = Math.floor((atMs - first) / curve.stepMs)
  return i >= 0 && i < curve.fromMs.length ? i : null
}

/** A sum that runs on over what is known; null where the step is. A drawing of the same bars, not a result. */
export function running(values: readonly (number | null)[]): (number | null)[] {
  let sum = 0
  return values.map((value) => {
    if (value === null) return null
    sum += value
    return sum
  })
}
