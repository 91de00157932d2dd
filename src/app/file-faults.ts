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
  // A reader's own errors carry codes, too, but their sentences say where; the system's say only what.
  const isOfTheSystem = error instanceof Error && 'errno' in error
  const code = isOfTheSystem ? systemCode(error) : undefined
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError(
    EXIT.badInput,
    `${path}: ${code === 'ENOENT' ? 'there is no such file' : (code ?? message)}`,
    { cause: error },
  )
}
