import type { Clock } from '../ports/clock.js'
import type { Logger } from '../ports/logger.js'
import type { UpConfig } from './config.js'

export interface RebuildOptions {
  /** With `store: 'influx'`, `influxDatabase` is the empty database that the values go into. */
  readonly config: UpConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly onProgress: (done: number, of: number) => void
}
