import type { Sensor } from '../city/registry.js'
import type { AttenuatedSignalSettings } from './attenuated-signal.js'
import type { ClimatologySettings } from './climatology.js'
import { limitsOf } from './default-limits.js'
import { defaultFlatLine, defaultNeighbour, defaultRateOfChange } from './default-settings.js'
import type { FlatLineSettings } from './flat-line.js'
import type { RangeLimits } from './gross-range.js'
import type { LocationSettings } from './location.js'
import type { NeighbourSettings } from './neighbour.js'
import type { RateOfChangeSettings } from './rate-of-change.js'
import type { SpikeSettings } from './spike.js'
import type { TimeGapSettings } from './time-gap.js'

/** What a quality test needs to know of a sensor. */
export type CheckedSensor = Pick<Sensor, 'quantity' | 'kind' | 'reporting' | 'limits'>

/** What the tests of one sensor are set to; a test without settings is not run. */
export interface QualitySettings {
  readonly grossRange?: RangeLimits
  readonly climatology?: ClimatologySettings
  readonly spike?: SpikeSettings
  readonly rateOfChange?: RateOfChangeSettings
  readonly flatLine?: FlatLineSettings
  readonly attenuatedSignal?: AttenuatedSignalSettings
  readonly timeGap?: TimeGapSettings
  readonly location?: LocationSettings
  readonly neighbour?: NeighbourSettings
}

/** The settings of a sensor nobody has set: the registry's limits, else the defaults of its quantity. */
export function qualitySettings(sensor: CheckedSensor): QualitySettings {
  const rateOfChange = defaultRateOfChange(sensor)
  const flatLine = defaultFlatLine(sensor)
  const neighbour = defaultNeighbour(sensor)
  return {
    grossRange: limitsOf(sensor),
    ...(rateOfChange !== undefined && { rateOfChange }),
    ...(flatLine !== undefined && { flatLine }),
    ...(neighbour !== undefined && { neighbour }),
  }
}
