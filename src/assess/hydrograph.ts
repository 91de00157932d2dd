import type { Registry, Sensor } from '../domain/city/registry.js'
import { FLAG } from '../domain/flag.js'
import { rounded } from '../domain/rounding.js'
import type { Window } from '../domain/time.js'
import type { Hydrograph } from '../ports/assessment.js'
import type { SeriesReads, StepColumns } from '../ports/series-store.js'
import { expectedEveryMs, sensorNamed } from './sensor-named.js'
import { cityAligned } from './steps.js'

/**
 * A state per step of the window, aggregated by the store. A step without a value repeats the one
 * before it while the next message is not due yet (the reporting interval, or the heartbeat on
 * change); after that it is a gap.
 */
export async function hydrograph(
  store: SeriesReads,
  registry: Registry,
  sensor: string,
  window: Window,
  stepMs: number,
): Promise<Hydrograph> {
  const found = sensorNamed(registry, sensor, 'state')
  const aligned = cityAligned(registry, window, stepMs)
  // The last value before the window still holds at its start.
  const heldSteps = Math.ceil(expectedEveryMs(found) / stepMs) - 1
  const read = { fromMs: aligned.fromMs - (heldSteps + 1) * stepMs, toMs: aligned.toMs }
  const [columns] = await store.aggregate([sensor], read, stepMs)
  const steps = filled(columns, found, read, stepMs, heldSteps)
  const shown = steps.slice(heldSteps + 1)
  return {
    sensor,
    stepMs,
    fromMs: shown.map(({ fromMs }) => fromMs),
    mean: shown.map(({ mean }) => mean),
    max: shown.map(({ max }) => max),
    coverage: shown.map(({ coverage }) => coverage),
    worstFlag: shown.map(({ flag }) => flag),
  }
}

interface Step {
  readonly fromMs: number
  readonly mean: number | null
  readonly max: number | null
  readonly coverage: number
  readonly flag: number
}

function filled(
  columns: StepColumns | undefined,
  sensor: Sensor,
  window: Window,
  stepMs: number,
  heldSteps: number,
): Step[] {
  const steps: Step[] = []
  const expectedMs = expectedEveryMs(sensor)
  let row = 0
  let held: Step | null = null
  let sinceHeld = 0
  for (let fromMs = window.fromMs; fromMs < window.toMs; fromMs += stepMs) {
    const isHere = columns !== undefined && columns.fromMs[row] === fromMs
    const count = isHere ? (columns.counts[row] ?? 0) : 0
    if (isHere && count > 0) {
      const step: Step = {
        fromMs,
        mean: rounded((columns.sums[row] ?? 0) / count),
        max: rounded(columns.maxima[row] ?? 0),
        coverage:
          sensor.reporting.type === 'on-change'
            ? 1
            : rounded(Math.min(1, (count * expectedMs) / stepMs)),
        flag: columns.flags[row] ?? FLAG.missing,
      }
      steps.push(step)
      held = step
      sinceHeld = 0
    } else if (!isHere && held !== null && ++sinceHeld <= heldSteps) {
      steps.push({ ...held, fromMs, coverage: 1 })
    } else {
      // Only failed or missing observations: what went before no longer holds.
      held = null
      const flag = isHere ? (columns.flags[row] ?? FLAG.missing) : FLAG.missing
      steps.push({ fromMs, mean: null, max: null, coverage: 0, flag })
    }
    if (isHere) row++
  }
  return steps
}
