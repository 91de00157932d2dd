import type { Sensor } from '../city/registry.js'
import { SECOND_MS } from '../time.js'
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
import type { WrittenSettings } from './written-settings.js'

/** What a quality test needs to know of a sensor. */
export type CheckedSensor = Pick<Sensor, 'quantity' | 'kind' | 'reporting' | 'limits' | 'qc'>

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

/** The settings of a sensor: what the registry says of it, else the defaults of its quantity. */
export function qualitySettings(sensor: CheckedSensor): QualitySettings {
  const rateOfChange = defaultRateOfChange(sensor)
  const flatLine = defaultFlatLine(sensor)
  const neighbour = defaultNeighbour(sensor)
  const defaults = {
    grossRange: limitsOf(sensor),
    ...(rateOfChange !== undefined && { rateOfChange }),
    ...(flatLine !== undefined && { flatLine }),
    ...(neighbour !== undefined && { neighbour }),
  }
  return sensor.qc === undefined ? defaults : settingsOver(defaults, sensor.qc)
}

/**
 * The defaults with what was written over them. A written test replaces the default of that test
 * whole, because a mixture would hide which number decided; `off` takes a default away.
 */
export function settingsOver(defaults: QualitySettings, written: WrittenSettings): QualitySettings {
  const off = Object.entries(written).flatMap(([name, set]) => (set === 'off' ? [name] : []))
  const merged = { ...defaults, ...inMilliseconds(written) }
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !off.includes(name)))
}

function inMilliseconds(written: WrittenSettings): QualitySettings {
  const { grossRange, climatology, spike, rateOfChange, flatLine } = written
  const { attenuatedSignal, timeGap, neighbour } = written
  return {
    ...(isSet(grossRange) && { grossRange }),
    ...(isSet(climatology) && {
      climatology: climatology.map(({ from, to, fail, suspect }) => ({
        fromDay: monthAndDay(from),
        toDay: monthAndDay(to),
        fail,
        suspect,
      })),
    }),
    ...(isSet(spike) && { spike }),
    ...(isSet(rateOfChange) && { rateOfChange }),
    ...(isSet(flatLine) && {
      flatLine: {
        tolerance: flatLine.tolerance,
        suspectAfterMs: inMs(flatLine.suspectAfterS),
        failAfterMs: inMs(flatLine.failAfterS),
      },
    }),
    ...(isSet(attenuatedSignal) && {
      attenuatedSignal: {
        windowMs: attenuatedSignal.windowS * SECOND_MS,
        measure: attenuatedSignal.measure,
        suspectBelow: attenuatedSignal.suspectBelow,
        failBelow: attenuatedSignal.failBelow,
        minValues: attenuatedSignal.minValues,
      },
    }),
    ...(isSet(timeGap) && {
      timeGap: {
        suspectAboveMs: inMs(timeGap.suspectAboveS),
        failAboveMs: inMs(timeGap.failAboveS),
      },
    }),
    ...(isSet(neighbour) && {
      neighbour: {
        windowMs: neighbour.windowS * SECOND_MS,
        wetAboveMm: neighbour.wetAboveMm,
        atLeast: neighbour.atLeast,
      },
    }),
  }
}

function isSet<Settings>(settings: Settings | 'off' | undefined): settings is Settings {
  return settings !== undefined && settings !== 'off'
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * SECOND_MS
}

/** "11-01" as 1101. */
function monthAndDay(text: string): number {
  return Number(text.replace('-', ''))
}
