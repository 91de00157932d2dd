import { deviceModel } from '../../devices/index.js'
import { readRegistry, registrySha256 } from '../adapters/city-file/index.js'
import { SECOND_MS } from '../domain/time.js'
import type { IngestParts } from '../ingest/index.js'
import type { UpConfig } from './config.js'
import { READ_OPTIONS } from './read-options.js'

/** What decides, beside the journal, what a store holds: the same for a service and for a rebuild. */
export function projectionSettings(
  config: Pick<UpConfig, 'futureToleranceS'>,
): Pick<IngestParts, 'models' | 'readRegistry' | 'registrySha256' | 'futureToleranceMs'> {
  return {
    models: deviceModel,
    readRegistry: (text) => readRegistry(text, READ_OPTIONS),
    registrySha256,
    futureToleranceMs: config.futureToleranceS * SECOND_MS,
  }
}
