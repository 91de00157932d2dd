import type { DecodedRecord, DeviceModel } from '../../src/ports/device-model.js'
import { readJson } from '../strict-json.js'
import { readValues } from './read-values.js'

/** JSON as people write it by hand; see README.md for its forms. */
export const plainJson: DeviceModel = {
  id: 'plain-json',

  decode(payload, context) {
    const read = readJson(payload)
    return 'code' in read ? read : readValues(read.value, context)
  },

  encode(records) {
    if (records.length === 0) throw new RangeError('a message has at least one value')
    const written = records.map((record) => {
      assertSayable(record)
      const { name, unit, value, atMs, fromMs } = record
      return {
        name,
        value,
        ...(unit === null ? {} : { unit }),
        ...(fromMs === null ? {} : { from: new Date(fromMs).toISOString() }),
        time: new Date(atMs).toISOString(),
      }
    })
    return new TextEncoder().encode(JSON.stringify(written))
  },
}

function assertSayable({ name, value, atMs, fromMs }: DecodedRecord): void {
  if (value !== null && !Number.isFinite(value)) throw new RangeError(`${name} is ${value}`)
  if (!Number.isInteger(atMs)) throw new RangeError(`${atMs} ms is no whole millisecond`)
  if (fromMs === null) return
  if (!Number.isInteger(fromMs) || fromMs >= atMs) {
    throw new RangeError(`${fromMs} ms begins no span that ends at ${atMs} ms`)
  }
}
