import type { Quantity } from '../../src/domain/quantity.js'

interface KindSensor {
  readonly field: string
  readonly quantity: Quantity
  readonly unit: string
  readonly kind: Readonly<Record<string, string | number>>
}

const instant = { type: 'instant' }

/** Kinds of devices that a city can be generated from, and what each measures. */
export const DEVICE_KINDS = {
  'rain-gauge': [
    { field: 'rain', quantity: 'rain_depth', unit: 'mm', kind: { type: 'increment' } },
  ],
  'rain-counter': [
    {
      field: 'rain_total',
      quantity: 'rain_depth',
      unit: 'mm',
      kind: { type: 'counter', resetLocalHour: 8, rollOver: 1000 },
    },
  ],
  'tipping-bucket': [
    { field: 'tips', quantity: 'rain_depth', unit: 'mm', kind: { type: 'tip', perTip: 0.2 } },
  ],
  'level-gauge': [{ field: 'level', quantity: 'level', unit: 'm', kind: instant }],
  'flow-meter': [
    { field: 'flow', quantity: 'flow', unit: 'm3/s', kind: { type: 'interval-mean' } },
    { field: 'velocity', quantity: 'velocity', unit: 'm/s', kind: instant },
    { field: 'level', quantity: 'level', unit: 'm', kind: instant },
  ],
  'ponding-gauge': [{ field: 'depth', quantity: 'ponding_depth', unit: 'mm', kind: instant }],
  'water-quality': [
    { field: 'turbidity', quantity: 'turbidity', unit: '[NTU]', kind: instant },
    { field: 'do', quantity: 'dissolved_oxygen', unit: 'mg/L', kind: instant },
    { field: 'orp', quantity: 'oxidation_reduction', unit: 'mV', kind: instant },
    { field: 'nh3n', quantity: 'ammonia_nitrogen', unit: 'mg/L', kind: instant },
    { field: 'temperature', quantity: 'water_temperature', unit: 'Cel', kind: instant },
    { field: 'battery', quantity: 'voltage', unit: 'V', kind: instant },
  ],
} as const satisfies Readonly<Record<string, readonly KindSensor[]>>

export type DeviceKind = keyof typeof DEVICE_KINDS
