import type { DeviceModel } from '../../src/ports/device-model.js'
import { resolvePack } from '../senml/resolve-pack.js'
import { writePack } from '../senml/write-pack.js'
import { shown } from '../shown.js'
import { readJson } from '../strict-json.js'

/** SenML in JSON (RFC 8428 §5, media type application/senml+json). */
export const senmlJson: DeviceModel = {
  id: 'senml-json',

  decode(payload, context) {
    const read = readJson(payload)
    if ('code' in read) return read
    if (!Array.isArray(read.value)) {
      return {
        code: 'payload_invalid',
        reason: `the payload is ${shown(read.value)}; a SenML pack is an array of records, [{"n":…,"v":…,"t":…}]`,
      }
    }
    return resolvePack(read.value, context)
  },

  encode(records) {
    return new TextEncoder().encode(JSON.stringify(writePack(records)))
  },
}
