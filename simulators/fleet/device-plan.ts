import { deviceModel } from '../../devices/index.js'
import type { Device } from '../../src/domain/city/registry.js'
import { SECOND_MS } from '../../src/domain/time.js'
import type { DeviceModel } from '../../src/ports/device-model.js'
import { isMeant, type NetworkFault, type Scenario } from './scenario.js'

type Of<Kind extends NetworkFault['kind']> = Extract<NetworkFault, { kind: Kind }>

/** What happens to a device's line at an instant of the scenario. */
export interface LineEvent {
  readonly atMs: number
  readonly does: 'goes-offline' | 'comes-online' | 'is-cut' | 'is-cut-with-all'
  readonly inFlight: 'cut' | 'awaited'
}

/** A span in which the clock runs on from 2000 after a reboot; [fromMs, toMs). */
export interface ClockReset {
  readonly fromMs: number
  readonly toMs: number
}

/** Everything the scenario means for one device. */
export interface DevicePlan {
  readonly device: Device
  readonly model: DeviceModel
  readonly readingsPerMessage: number
  readonly buffer: Scenario['habits'][number]['buffer']
  /** Ascending. */
  readonly events: readonly LineEvent[]
  readonly clockResets: readonly ClockReset[]
  readonly malformed: readonly Of<'malformed'>[]
  readonly duplicates: readonly Of<'duplicates'>[]
  readonly lostAcks: readonly Of<'lost-acks'>[]
  /** Messages that are mixed among each other; 1: none. */
  readonly mixedWithin: number
}

/** @param startMs start of the scenario, UTC epoch ms */
export function devicePlan(scenario: Scenario, device: Device, startMs: number): DevicePlan {
  const model = deviceModel(device.model)
  if (model === undefined) throw new Error(`${device.id}: no device model ${device.model}`)
  const faults = scenario.network.filter(({ devices }) => isMeant(devices, device.id))
  function of<Kind extends NetworkFault['kind']>(kind: Kind): Of<Kind>[] {
    return faults.filter((fault): fault is Of<Kind> => fault.kind === kind)
  }
  const habit = scenario.habits.findLast(({ devices }) => isMeant(devices, device.id))
  const at = (seconds: number): number => startMs + seconds * SECOND_MS
  return {
    device,
    model,
    readingsPerMessage: habit?.readingsPerMessage ?? 1,
    buffer: habit?.buffer ?? { messages: 1_000, full: 'drops-oldest' },
    events: faults.flatMap((fault) => lineEvents(fault, at)).sort((a, b) => a.atMs - b.atMs),
    clockResets: of('reboot').map(({ atS, clockSyncedAfterS }) => ({
      fromMs: at(atS),
      toMs: at(atS + clockSyncedAfterS),
    })),
    malformed: of('malformed'),
    duplicates: of('duplicates'),
    lostAcks: of('lost-acks'),
    mixedWithin: Math.max(1, ...of('reordering').map(({ withinMessages }) => withinMessages)),
  }
}

function lineEvents(fault: NetworkFault, at: (seconds: number) => number): LineEvent[] {
  switch (fault.kind) {
    case 'offline': {
      const { inFlight } = fault
      return [
        { atMs: at(fault.fromS), does: 'goes-offline', inFlight },
        { atMs: at(fault.toS), does: 'comes-online', inFlight },
      ]
    }
    case 'reboot':
      return [{ atMs: at(fault.atS), does: 'is-cut', inFlight: fault.inFlight }]
    case 'mass-reconnect':
      return [{ atMs: at(fault.atS), does: 'is-cut-with-all', inFlight: fault.inFlight }]
    case 'lost-acks':
    case 'duplicates':
    case 'reordering':
    case 'malformed':
      break
  }
  return []
}
