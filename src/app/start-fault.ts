import { faultText, TransientFault } from '../domain/fault.js'
import { DatabaseUnusable } from '../adapters/duckdb/index.js'
import { DatabaseNotEmpty } from '../adapters/influx/index.js'
import { JournalDamaged, JournalLocked } from '../adapters/journal/index.js'
import { NoMemberError } from '../adapters/members/index.js'
import { BrokerRefusal } from '../adapters/mqtt-client/index.js'
import { SecretsFileError } from '../adapters/secrets/index.js'
import { NoRegistryError } from '../ingest/index.js'
import { CommandError, EXIT, systemCode } from './exit.js'

/** What the system says when an address, a right or room is missing. */
const MACHINE_FAULTS: ReadonlySet<string> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE'],
  ...['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EEXIST', 'ENOTDIR', 'EISDIR'],
])

/** Faults of the machine become an end that the user can do something about; others stay as they are. */
export function startFault(error: unknown): unknown {
  const cause = { cause: error }
  const ofTheFolder =
    error instanceof NoRegistryError ||
    error instanceof SecretsFileError ||
    error instanceof JournalDamaged ||
    error instanceof DatabaseUnusable ||
    error instanceof DatabaseNotEmpty
  if (ofTheFolder) return new CommandError(EXIT.badInput, error.message, cause)
  const isAway =
    error instanceof JournalLocked ||
    error instanceof BrokerRefusal ||
    error instanceof NoMemberError ||
    error instanceof TransientFault
  if (isAway) {
    return new CommandError(EXIT.unreachable, error.message, cause)
  }
  const code = systemCode(error)
  if (code === 'EADDRINUSE') {
    return new CommandError(
      EXIT.unreachable,
      `${faultText(error)}; give another port, see --help`,
      cause,
    )
  }
  const ofTheMachine = code !== undefined && MACHINE_FAULTS.has(code)
  return ofTheMachine ? new CommandError(EXIT.unreachable, faultText(error), cause) : error
}
