import { WHOLE_EARTH } from '../../domain/qc/location.js'
import { qualitySettings, type QualitySettings } from '../../domain/qc/quality-settings.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.js'
import type { QcColumn } from './config-schema.js'

/**
 * What the tests of a column are set to: the configuration's own, else the defaults of its
 * quantity, else nothing. `off` takes a default away.
 */
export function columnSettings(column: QcColumn, intervalMs: number | null): QualitySettings {
  const defaults = defaultSettings(column, intervalMs)
  const off = Object.entries(column.tests).flatMap(([name, set]) => (set === 'off' ? [name] : []))
  const merged = { ...defaults, ...configured(column.tests) }
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !off.includes(name)))
}

function defaultSettings({ quantity }: QcColumn, intervalMs: number | null): QualitySettings {
  if (quantity === undefined) return {}
  const isTotal = QUANTITIES[quantity].measure === 'total'
  const { grossRange, ...others } = qualitySettings({
    quantity,
    kind: { type: isTotal ? 'increment' : 'instant' },
    reporting: { type: 'periodic', intervalS: (intervalMs ?? 5 * MINUTE_MS) / SECOND_MS },
    limits: undefined,
  })
  const isLimited = grossRange?.fail !== undefined || grossRange?.suspect !== undefined
  return isLimited ? { grossRange, ...others } : others
}

function configured(tests: QcColumn['tests']): QualitySettings {
  const { grossRange, climatology, spike, rateOfChange, flatLine } = tests
  const { attenuatedSignal, timeGap, location, neighbour } = tests
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
    ...(isSet(location) && {
      location: { box: location.box ?? WHOLE_EARTH, maxStepM: location.maxStepM },
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
