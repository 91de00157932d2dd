import { memberLabel, type Member } from '../../domain/city/member.js'
import { asError } from '../../domain/fault.js'
import type { MissingProcess } from '../../ports/books.js'
import type { Logger } from '../../ports/logger.js'
import { memberAnswer, type MemberAnswer } from './answers.js'
import type { MemberHttp } from './member-http.js'

/** A process that takes a share of the devices. */
export interface ActiveMember {
  readonly number: number
  readonly of: number
  readonly http: MemberHttp
  readonly registrySha256: string | null
}

export interface RollCall {
  /** By number, ascending; each number once. */
  readonly active: readonly ActiveMember[]
  /** N; 0 while no member was ever heard of. */
  readonly of: number
  /** Members that nobody answers for; empty when every share is answered for. */
  readonly missing: readonly MissingProcess[]
}

interface Seen {
  readonly http: MemberHttp
  /** What it last said of itself; null before it has said anything. */
  readonly known: MemberAnswer | null
  /** Why it does not answer now; null when it does. */
  readonly silence: string | null
}

export interface Roll {
  /** Asks every address who is there. */
  call(): Promise<RollCall>
}

/**
 * Asks addresses which member answers there, and remembers who did: so a silent one is named by
 * its number, and a number that no address ever answered for is missed as well.
 */
export function openRoll(addresses: readonly MemberHttp[], logger: Logger): Roll {
  let seen: readonly Seen[] = addresses.map((http) => ({ http, known: null, silence: null }))
  let told = ''

  async function look(before: Seen): Promise<Seen> {
    const { http } = before
    try {
      return { http, known: await http.json('/member', memberAnswer), silence: null }
    } catch (error) {
      return { ...before, silence: asError(error).message }
    }
  }

  return {
    async call() {
      seen = await Promise.all(seen.map(look))
      const roll = rollOf(seen)
      const details = roll.missing.map(({ detail }) => detail)
      const text = details.join('; ')
      if (text !== told) {
        if (text === '') logger.info({ members: roll.of }, 'all members answer')
        else logger.warn({ missing: details }, 'the books are incomplete')
        told = text
      }
      return roll
    },
  }
}

function rollOf(seen: readonly Seen[]): RollCall {
  const active = new Map<number, ActiveMember>()
  const missing: MissingProcess[] = []
  const of = Math.max(0, ...seen.map(({ known }) => known?.member?.of ?? 0))
  for (const { http, known, silence } of seen) {
    const member = known?.member ?? null
    if (silence !== null || known === null || known.standby) continue
    const said = member === null ? 'takes all devices' : `is member ${memberLabel(member)}`
    if (member === null || member.of !== of) {
      const detail = `${http.url} ${said}, beside members of ${of}: its books are not counted`
      missing.push({ who: http.url, why: 'other-share', detail })
    } else if (active.has(member.number)) {
      const detail = `${http.url} ${said}, as is another: which books are right is not known`
      missing.push({ who: http.url, why: 'twice', detail })
    } else {
      active.set(member.number, { ...member, http, registrySha256: known.registrySha256 })
    }
  }
  const unplaced = seen.filter(({ known, silence }) => known === null && silence !== null)
  for (let number = 1; number <= of; number++) {
    if (!active.has(number)) missing.push(absence({ number, of }, seen))
  }
  // An address that never answered may be of any share that is missing; of none, it is a standby's.
  if (missing.length > 0 || of === 0) {
    for (const { http, silence } of unplaced) {
      missing.push({ who: http.url, why: 'silent', detail: `${http.url} ${silence}` })
    }
  }
  const ordered = [...active.values()].sort((a, b) => a.number - b.number)
  return { active: ordered, of, missing }
}

/** Why nobody answers for a share, by the addresses that ever did. */
function absence(member: Member, seen: readonly Seen[]): MissingProcess {
  const who = memberLabel(member)
  const own = seen.filter(({ known }) => known?.member?.number === member.number)
  if (own.length === 0) {
    return { who, why: 'no-address', detail: `member ${who}: at no address given` }
  }
  const reasons = own.map(({ http, silence }) => {
    return silence === null ? `${http.url} is its standby and waits` : `${http.url} ${silence}`
  })
  const isSilent = own.some(({ silence }) => silence !== null)
  const detail = `member ${who}: ${reasons.join(', ')}`
  return { who, why: isSilent ? 'silent' : 'waits', detail }
}
