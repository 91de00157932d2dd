import { Encoder } from 'cbor-x'
import type { DeviceModel } from '../../src/ports/device-model.js'
import { resolvePack } from '../senml/resolve-pack.js'
import { writePack, type WrittenRecord } from '../senml/write-pack.js'
import { LABELS } from './labels.js'
import { readPack } from './read-pack.js'

/** SenML in CBOR (RFC 8428 §6, media type application/senml+cbor). */
export const senmlCbor: DeviceModel = {
  id: 'senml-cbor',

  decode(payload, context) {
    const read = readPack(payload)
    return 'code' in read ? read : resolvePack(read.items, context)
  },

  encode(records) {
    // Its defaults would write records and tagged maps of its own.
    const options = { useRecords: false, mapsAsObjects: false, useTag259ForMaps: false }
    return new Uint8Array(new Encoder(options).encode(writePack(records).map(byIntegerLabel)))
  },
}

function byIntegerLabel(record: WrittenRecord): Map<number, unknown> {
  const labelled = new Map<number, unknown>()
  for (const [label, key] of LABELS) {
    if (label in record) labelled.set(key, record[label as keyof WrittenRecord])
  }
  return labelled
}
