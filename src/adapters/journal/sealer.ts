import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { asError } from '../../domain/fault.js'
import type { Manifest } from './manifest.js'
import { seal } from './seal.js'
import type { SegmentLog } from './segment-log.js'

export interface Sealer {
  /** A log has been closed: seals it when those before it are sealed. */
  closed(): void
  /** Resolves when nothing is being sealed; with the failure of the last run, if it failed. */
  idle(): Promise<Error | null>
  /** Ends after the block at hand; what is not sealed then is sealed after the next opening. */
  stop(): Promise<void>
}

/**
 * Seals closed logs, one after the other, oldest first. After a failure the log stays, readable,
 * and is tried again when the next one is closed.
 *
 * @param logs all logs, ascending; the last is open and left alone, sealed ones are taken off
 */
export function sealer(
  folder: string,
  manifest: Manifest,
  logs: SegmentLog[],
  failed: (segment: number, error: Error) => void,
): Sealer {
  const stopping = new AbortController()
  let failure: Error | null = null
  let work = Promise.resolve()

  const run = async (): Promise<void> => {
    failure = null
    for (let log = logs[0]; log !== undefined && logs.length > 1; log = logs[0]) {
      try {
        const segment = await seal(folder, log, manifest, stopping.signal)
        if (segment === null) return
        logs.shift()
        await log.handle.close()
        await rm(join(folder, log.file))
      } catch (error) {
        failure = asError(error)
        failed(log.firstSeq, failure)
        return
      }
    }
  }

  return {
    closed: () => {
      work = work.then(run)
    },
    idle: async () => {
      await work
      return failure
    },
    stop: async () => {
      stopping.abort()
      await work
    },
  }
}
