import { faultText, type Refusal } from '../src/domain/fault.js'

/** Objects and arrays within each other; no format here needs more than three. */
const DEEPEST = 16

/** Keeps nothing between two calls; making one costs more than reading a short message. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads JSON (RFC 8259) so that two readers cannot understand it differently.
 *
 * Refused beside what is not JSON: bytes that are not UTF-8, a byte order mark (§8.1), a member
 * given twice in one object (§4: "behaviour is unpredictable"), nesting deeper than 16 (§9). A
 * number beyond the doubles (1e400) comes back as an infinity, for the format to refuse by name.
 */
export function readJson(payload: Uint8Array): { readonly value: unknown } | Refusal {
  if (payload.length === 0) return unreadable('the payload is empty; send JSON')
  if (payload[0] === 0xef && payload[1] === 0xbb && payload[2] === 0xbf) {
    return unreadable('the payload begins with a byte order mark; send the JSON without it')
  }
  const members = countMembers(payload)
  if (members === null) {
    return unreadable(`the JSON nests deeper than ${DEEPEST}; send records flat`)
  }
  let text: string
  try {
    text = UTF_8.decode(payload)
  } catch {
    // The one error a fatal decoder has.
    return unreadable('the bytes are not UTF-8; JSON is sent in UTF-8 (RFC 8259 §8.1)')
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return unreadable(`the payload is not JSON: ${faultText(error)}`)
  }
  if (membersKept(value) !== members) {
    return unreadable(`${repeatedMember(text)} stands twice in one object; give it once`)
  }
  return { value }
}

function unreadable(reason: string): Refusal {
  return { code: 'payload_unreadable', reason }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/**
 * Object members written in the text: colons outside strings. null when it nests too deep. Means
 * nothing for bytes that are not JSON; those fail in JSON.parse.
 */
function countMembers(payload: Uint8Array): number | null {
  let members = 0
  let depth = 0
  for (let i = 0; i < payload.length; i++) {
    const byte = payload[i] ?? 0
    switch (byte) {
      case QUOTE: {
        i++
        while (i < payload.length && payload[i] !== QUOTE) i += payload[i] === BACKSLASH ? 2 : 1
        break
      }
      case COLON: {
        members++
        break
      }
      case 0x5b: // [
      case 0x7b: {
        depth++
        if (depth > DEEPEST) return null
        break
      }
      case 0x5d: // ]
      case 0x7d: {
        depth--
        break
      }
      default:
    }
  }
  return members
}

/** Members that are left after parsing; fewer than were written when one stood twice. */
function membersKept(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += membersKept(item)
    return members
  }
  for (const item of Object.values(value)) members += 1 + membersKept(item)
  return members
}

/** The first member that stands twice, as it is written; the text is known to be JSON. */
function repeatedMember(text: string): string {
  const open: Set<unknown>[] = []
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const name = token.slice(0, token.length - colon.length)
      const names = open.at(-1)
      const parsed: unknown = JSON.parse(name)
      if (names?.has(parsed) === true) return name
      names?.add(parsed)
    }
  }
  return 'a member'
}
