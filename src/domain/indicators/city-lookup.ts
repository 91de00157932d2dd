import { spansOf } from '../city/periods.js'
import type { Catchment, Outfall, Registry, Sensor } from '../city/registry.js'
import type { Window } from '../time.js'

/** A sensor by its id; a registry whose references were checked has it. */
export function sensorOf(registry: Registry, id: string): Sensor {
  for (const device of registry.devices) {
    const sensor = device.sensors.find((candidate) => candidate.id === id)
    if (sensor !== undefined) return sensor
  }
  throw new RangeError(`the registry has no sensor ${id}`)
}

/** Catchments by id, each once, in the registry's order. */
export function catchmentsOf(registry: Registry, ids: ReadonlySet<string>): readonly Catchment[] {
  return registry.catchments.filter(({ id }) => ids.has(id))
}

/** The outfalls that share a catchment with one of the given, directly or through others, these included. */
export function sharingOutfalls(registry: Registry, first: Outfall): readonly Outfall[] {
  const group = new Set([first.id])
  const catchments = new Set(first.catchments)
  for (let grown = true; grown;) {
    grown = false
    for (const outfall of registry.outfalls) {
      if (group.has(outfall.id) || !outfall.catchments.some((id) => catchments.has(id))) continue
      group.add(outfall.id)
      for (const id of outfall.catchments) catchments.add(id)
      grown = true
    }
  }
  return registry.outfalls.filter(({ id }) => group.has(id))
}

/** A stretch of a window with what the registry says of an outfall in it. */
export interface MeteringStretch extends Window {
  readonly metering: Outfall['metering'][number]
}

/** The metering periods of an outfall within a window, in time order. */
export function meteringWithin(outfall: Outfall, window: Window): readonly MeteringStretch[] {
  const stretches: MeteringStretch[] = []
  for (const span of spansOf(outfall.metering)) {
    const metering = outfall.metering[span.index]
    const fromMs = Math.max(span.fromMs, window.fromMs)
    const toMs = Math.min(span.toMs, window.toMs)
    if (metering !== undefined && fromMs < toMs) stretches.push({ metering, fromMs, toMs })
  }
  return stretches
}

/** Whether an outfall is metered or proven shut throughout a window. */
export function isAccountedFor(outfall: Outfall, window: Window): boolean {
  let knownMs = 0
  for (const { metering, fromMs, toMs } of meteringWithin(outfall, window)) {
    if (metering.state !== 'unmetered') knownMs += toMs - fromMs
  }
  return knownMs === window.toMs - window.fromMs
}
