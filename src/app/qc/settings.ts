import { WHOLE_EARTH } from '../../domain/qc/location.js'
import {
  qualitySettings,
  settingsOver,
  type QualitySettings,
} from '../../domain/qc/quality-settings.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.js'
import type { QcColumn } from './config-schema.js'

/**
 * What the tests of a column are set to: the configuration's own, else the defaults of its
 * quantity, else nothing. `off` takes a default away.
 */
export function columnSettings(column: QcColumn, intervalMs: number | null): QualitySettings {
  const { location, ...written } = column.tests
  const settings = settingsOver(defaultSettings(column, intervalMs), written)
  if (location === undefined || location === 'off') return settings
  const { box = WHOLE_EARTH, maxStepM } = location
  return { ...settings, location: { box, maxStepM } }
}

function defaultSettings({ quantity }: QcColumn, intervalMs: number | null): QualitySettings {
  if (quantity === undefined) return {}
  const isTotal = QUANTITIES[quantity].measure === 'total'
  const { grossRange, ...others } = qualitySettings({
    quantity,
    kind: { type: isTotal ? 'increment' : 'instant' },
    reporting: { type: 'periodic', intervalS: (intervalMs ?? 5 * MINUTE_MS) / SECOND_MS },
    limits: undefined,
    qc: undefined,
  })
  const isLimited = grossRange?.fail !== undefined || grossRange?.suspect !== undefined
  return isLimited ? { grossRange, ...others } : others
}
