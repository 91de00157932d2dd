import type { DeviceModel } from '../src/ports/device-model.js'
import { plainJson } from './plain-json/index.js'
import { senmlCbor } from './senml-cbor/index.js'
import { senmlJson } from './senml-json/index.js'

/** Every family of payloads that can be decoded; the registry names them by id. */
export const DEVICE_MODELS: readonly DeviceModel[] = [senmlJson, senmlCbor, plainJson]

/** The model the registry calls by that id; undefined when there is none. */
export function deviceModel(id: string): DeviceModel | undefined {
  return DEVICE_MODELS.find((model) => model.id === id)
}
