import { deviceModels } from '../../devices/index.js'

/** The device models of this release, as the registry's check wants them. */
export const DEVICE_MODELS = { models: deviceModels.map((model) => model.id) } as const
