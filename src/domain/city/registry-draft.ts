import type { Registry } from './registry.js'

/**
 * A registry of which some values may be missing because they could not be read: what is left of
 * a file with faults. Checks look at what is there and are silent about the rest, so that one
 * mistyped unit does not hide twenty broken references. A whole registry is a draft too.
 *
 * A value that was given but unreadable is a key with `undefined`; a value that was not given has
 * no key. List entries keep their place.
 */
export type RegistryDraft = Draft<Registry>

export type Draft<T> = T extends readonly (infer Entry)[]
  ? readonly (Draft<Entry> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T

export type DeviceDraft = Draft<Registry['devices'][number]>
export type SensorDraft = Draft<Registry['devices'][number]['sensors'][number]>
export type PeriodDraft = {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The readable entries of a list with their places; nothing for an absent list. */
export function* entries<T>(
  list: readonly (T | undefined)[] | undefined,
): Generator<readonly [number, T]> {
  if (list === undefined) return
  for (const [index, entry] of list.entries()) {
    if (entry !== undefined) yield [index, entry]
  }
}

/** A sensor with the device it sits in and its place in the registry. */
export interface PlacedSensor {
  readonly sensor: SensorDraft
  readonly device: DeviceDraft
  readonly path: readonly (string | number)[]
}

/** All readable sensors of all devices, in the registry's order. */
export function* sensorsOf(registry: RegistryDraft): Generator<PlacedSensor> {
  for (const [d, device] of entries(registry.devices)) {
    for (const [s, sensor] of entries(device.sensors)) {
      yield { sensor, device, path: ['devices', d, 'sensors', s] }
    }
  }
}
