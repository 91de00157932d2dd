import { memberLabel } from '../../domain/city/member.js'
import { asError } from '../../domain/fault.js'
import type { MissingProcess } from '../../ports/books.js'
import type { ActiveMember, Roll } from './roll-call.js'

/** What the members answered, and who did not: both of the same asking. */
export interface Answers<T> {
  readonly answers: readonly { readonly member: ActiveMember; readonly answer: T }[]
  readonly of: number
  /** Members without an answer here. */
  readonly missing: readonly MissingProcess[]
}

/** Asks every active member the same; one that fails is missing, and the others' answers stand. */
export type AskMembers = <T>(question: (member: ActiveMember) => Promise<T>) => Promise<Answers<T>>

export function askMembers(roll: Roll): AskMembers {
  return async (question) => {
    const { active, of, missing } = await roll.call()
    const settled = await Promise.allSettled(active.map(question))
    const failed: MissingProcess[] = []
    const answers = settled.flatMap((result, index) => {
      const member = active[index]
      if (member === undefined) return []
      if (result.status === 'fulfilled') return [{ member, answer: result.value }]
      const reason = asError(result.reason).message
      const who = memberLabel(member)
      const detail = `member ${who}: ${member.http.url} ${reason}`
      failed.push({ who, why: 'silent', detail })
      return []
    })
    return { answers, of, missing: [...missing, ...failed] }
  }
}
