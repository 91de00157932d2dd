import type { z } from 'zod'
import { asError } from '../../domain/fault.js'

/** Longest a member may take to answer; one that takes longer counts as silent. */
const ANSWER_WITHIN_MS = 5_000

/** A member that did not answer as one does; the message says how. */
export class MemberSilent extends Error {
  override readonly name = 'MemberSilent'
}

/** One process's API, asked over HTTP. */
export interface MemberHttp {
  /** e.g. http://127.0.0.1:8081 */
  readonly url: string
  /** The answer below /api/v1 as the schema reads it; throws MemberSilent. */
  json<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>
  /** The bytes of an answer; null for 404. Throws MemberSilent. */
  bytes(path: string): Promise<Uint8Array | null>
}

export function memberHttp(address: string): MemberHttp {
  const url = address.replace(/\/+$/, '')

  async function ask(path: string): Promise<Response> {
    try {
      return await fetch(`${url}/api/v1${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    } catch (error) {
      throw new MemberSilent(`does not answer (${causeOf(error)})`, { cause: error })
    }
  }

  return {
    url,
    async json(path, schema) {
      const answer = await ask(path)
      const body: unknown = await answer.json().catch(() => null)
      if (!answer.ok) throw new MemberSilent(`answers ${answer.status} to ${path}`)
      const read = schema.safeParse(body)
      if (read.success) return read.data
      throw new MemberSilent(`answers ${path} otherwise than this release does`, {
        cause: read.error,
      })
    },
    async bytes(path) {
      const answer = await ask(path)
      if (answer.status === 404) return null
      if (!answer.ok) throw new MemberSilent(`answers ${answer.status} to ${path}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const { cause, message } = asError(error)
  if (!(cause instanceof Error)) return message
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
