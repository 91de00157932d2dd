import type { Sensor } from '../domain/city/registry.js'
import type { Refusal } from '../domain/fault.js'
import { QUANTITIES } from '../domain/quantity.js'
import { conversion, type Conversion } from '../domain/units.js'
import type { DecodedRecord } from '../ports/device-model.js'
import { calibrated, type TabledDevice, type TabledSensor } from './device-table.js'

/** No quantity comes near it, and beyond it sums are not exact (SeriesStore.aggregate). */
const LARGEST_VALUE = 1e20

/** A record that has found its sensor: value in the quantity's internal unit, calibrated. */
export interface IdentifiedRecord {
  readonly tabled: TabledSensor
  readonly atMs: number
  readonly spanMs: number
  /** NaN when missing. */
  readonly value: number
}

/**
 * Finds the sensor a record belongs to and brings its value to the internal unit, with the
 * calibration in force at the record's time.
 *
 * A record names the sensor by its field or its id, also behind the device's id and one of
 * `: / . -` (SenML base names); a device with one sensor may leave the name out.
 *
 * @param meaning a reading of the sensor, or what a person says is true: that is not calibrated
 */
export function identify(
  device: TabledDevice,
  record: DecodedRecord,
  meaning: 'reading' | 'true value',
): IdentifiedRecord | Refusal {
  const tabled = sensorNamed(device, record.name)
  if (tabled === undefined) {
    const fields = device.sensors.map(({ sensor }) => sensor.field).join(', ')
    return {
      code: 'sensor_unknown',
      reason: `device ${device.device.id} has no sensor named "${record.name}"; the registry lists ${fields}`,
    }
  }
  const { sensor } = tabled
  const toInternal = amountConversion(sensor, record.unit)
  if (toInternal === null) {
    const internal = QUANTITIES[sensor.quantity].unit
    return {
      code: 'unit_mismatch',
      reason: `"${record.name}" has unit "${record.unit ?? sensor.unit}", which is none of ${sensor.quantity}; send ${[...new Set([sensor.unit, internal])].join(' or ')}`,
    }
  }
  const { atMs } = record
  const given = (record.value ?? Number.NaN) * toInternal.gain + toInternal.offset
  const value = meaning === 'reading' ? calibrated(tabled, atMs, given) : given
  if (record.value !== null && !(Math.abs(value) < LARGEST_VALUE)) {
    return {
      code: 'value_not_finite',
      reason: `"${record.name}" is ${record.value}, which no ${sensor.quantity} can be; send null when it is missing`,
    }
  }
  return {
    tabled,
    atMs,
    spanMs: record.fromMs === null ? tabled.defaultSpanMs : atMs - record.fromMs,
    value,
  }
}

/** How payloads say that a number is a count: SenML's `count`, UCUM's unity and annotations. */
const COUNT_UNITS: ReadonlySet<string> = new Set(['count', '1', '{tip}', '{tips}'])

/**
 * From a payload's number to the internal unit. A tipping bucket counts tips, unless the payload
 * names a unit of depth: then the logger has multiplied already.
 */
function amountConversion(sensor: Sensor, unit: string | null): Conversion | null {
  const { kind } = sensor
  if (kind.type !== 'tip' || (unit !== null && !COUNT_UNITS.has(unit))) {
    return conversion(unit ?? sensor.unit, sensor.quantity)
  }
  const ofAmount = conversion(sensor.unit, sensor.quantity)
  return ofAmount === null ? null : { ...ofAmount, gain: ofAmount.gain * kind.perTip }
}

function sensorNamed(device: TabledDevice, name: string): TabledSensor | undefined {
  const found = device.byName.get(name)
  if (found !== undefined) return found
  const { id } = device.device
  if (name === '' || name === id) return device.sensors.length === 1 ? device.sensors[0] : undefined
  if (!name.startsWith(id) || !/^[:/.-]/.test(name.slice(id.length))) return undefined
  return device.byName.get(name.slice(id.length + 1))
}
