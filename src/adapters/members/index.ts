import { asError } from '../../domain/fault.js'
import type { Books, MissingProcess } from '../../ports/books.js'
import type { RegistryVersion } from '../../ports/city-registry.js'
import type { Logger } from '../../ports/logger.js'
import type { ShownLedger } from '../../ports/shown-ledger.js'
import { askMembers } from './ask-members.js'
import { followRegistry, type RegistryReader } from './followed-registry.js'
import { memberHttp } from './member-http.js'
import { openRoll } from './roll-call.js'
import { summedBooks } from './summed-books.js'
import { summedLedger } from './summed-ledger.js'

export interface MembersOptions extends RegistryReader {
  /** Addresses of members and of their standbys, in any order. */
  readonly addresses: readonly string[]
  readonly logger: Logger
}

/** All members of a cluster as one. */
export interface Members {
  readonly books: Books
  readonly ledger: ShownLedger
  /** The registry that the members have in force. */
  registry(): RegistryVersion
  stop(): void
}

/** No member answered in time. */
export class NoMemberError extends Error {
  override readonly name = 'NoMemberError'
}

/** How often it is asked who is there and which registry is in force. */
const LOOK_EVERY_MS = 2_000
/** A service that starts with its members gives them so long. */
const FIRST_ANSWER_MS = 10_000

/**
 * Sums the books, refusals and devices of several members, asked over HTTP each time, and follows
 * their registry. Members that do not answer are named with each answer.
 *
 * Resolves once a member has given its registry; rejects with NoMemberError when none does.
 */
export async function openMembers(options: MembersOptions): Promise<Members> {
  const { logger } = options
  const roll = openRoll(options.addresses.map(memberHttp), logger)
  const registry = followRegistry(options, logger)
  let trouble = ''

  async function look(): Promise<readonly MissingProcess[]> {
    const called = await roll.call()
    try {
      await registry.follow(called)
      trouble = ''
    } catch (error) {
      const said = asError(error).message
      if (said !== trouble) logger.error({ error }, 'the registry of the members was not had')
      trouble = said
    }
    return called.missing
  }

  const giveUpMs = performance.now() + FIRST_ANSWER_MS
  for (;;) {
    const missing = await look()
    if (registry.current() !== null) break
    if (performance.now() > giveUpMs) {
      const why = trouble === '' ? missing.map(({ detail }) => detail).join('; ') : trouble
      throw new NoMemberError(`no member has given its registry: ${why}`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS / 10))
  }

  let looking = false
  const timer = setInterval(() => {
    // One that takes its time to be silent does not pile up questions.
    if (looking) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, LOOK_EVERY_MS)
  const ask = askMembers(roll)
  return {
    books: summedBooks(ask),
    ledger: summedLedger(ask),
    registry() {
      const version = registry.current()
      if (version === null) throw new NoMemberError('no member has given its registry')
      return version
    },
    stop: () => clearInterval(timer),
  }
}
