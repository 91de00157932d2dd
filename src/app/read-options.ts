import { DEVICE_MODELS } from '../../devices/index.js'

/** How this release reads a registry: device models that it cannot decode are faults. */
export const READ_OPTIONS = { models: DEVICE_MODELS.map((model) => model.id) } as const
