import type { FileFault } from '../adapters/csv-file/index.js'
import { CommandError, EXIT, systemCode } from './exit.js'

/** Faulty lines printed before the rest is only counted. */
const FAULTS_SHOWN = 20

/** Faults of a file, one to a line, in the form editors jump to; beyond 20 they are counted. */
export function faultList(path: string, faults: readonly FileFault[]): string {
  const shown = faults
    .slice(0, FAULTS_SHOWN)
    .map(({ line, message }) => `${path}:${line ?? 1} ${message}`)
    .join('\n')
  const more = faults.length - FAULTS_SHOWN
  return more > 0 ? `${shown}\n  and ${more} more` : shown
}

/** A file that could not be read, as an end the user can do something about. */
export function fileError(path: string, error: unknown): CommandError {
  const message = systemCode(error) ?? (error instanceof Error ? error.message : String(error))
  return new CommandError(EXIT.badInput, `${path}: ${message}`, { cause: error })
}
