import type { Sensor } from '../city/registry.js'
import { limitsOf } from './default-limits.js'
import { grossRange } from './gross-range.js'

/** What a quality test needs to know of a sensor. */
export type CheckedSensor = Pick<Sensor, 'quantity' | 'kind' | 'reporting' | 'limits'>

/** One test over the values of one sensor; flag 2 or 9 where it has nothing to say. */
export interface QualityTest {
  readonly id: string
  /** Bit in `tests` of an observation, 0 to 15. Stored: a bit is never given to another test. */
  readonly bit: number
  readonly title: { readonly zh: string; readonly en: string }
  readonly run: (values: Float64Array, sensor: CheckedSensor) => Uint8Array
}

/** The quality tests, in the order they run. To add one: its file, its unit test, one entry here. */
export const QUALITY_TESTS: readonly QualityTest[] = [
  {
    id: 'gross-range',
    bit: 0,
    title: { zh: '量程检查', en: 'Gross range' },
    run: (values, sensor) => grossRange(values, limitsOf(sensor)),
  },
]
