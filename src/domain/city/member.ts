/** One of several ingest processes that share a city's devices: number k of N. */
export interface Member {
  /** k, from 1 to `of`. */
  readonly number: number
  /** N, how many there are; ≥ 1. */
  readonly of: number
}

/** Beyond it the folded hash would no longer deal evenly; no city needs so many. */
export const MOST_MEMBERS = 64

const OFFSET_BASIS = 0x811c_9dc5
const PRIME = 0x0100_0193

/** FNV-1a, 32 bit, over the UTF-8 bytes of a text (Fowler, Noll, Vo; IETF draft-eastlake-fnv, section 2). */
export function fnv1a(text: string): number {
  let hash = OFFSET_BASIS
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, PRIME)
  return hash >>> 0
}

/**
 * Which member owns a device: it alone takes the device's messages, and so owns its series, checks
 * and books. It depends on the device's id and N only, so a registry that grows moves no device; a
 * change of this function would move all of them, which wants every member's store rebuilt.
 *
 * The hash is folded to 16 bits by xor before it is divided: the lowest bit of FNV-1a alone is
 * merely the parity of the lowest bits of the id.
 *
 * @param of N, ≥ 1
 * @returns k, from 1 to N
 */
export function memberOfDevice(device: string, of: number): number {
  const hash = fnv1a(device)
  return (((hash >>> 16) ^ (hash & 0xffff)) % of) + 1
}

/** Whether a device is in a member's share; without a member (one process) every device is. */
export function isInShare(device: string, member: Member | null): boolean {
  return member === null || memberOfDevice(device, member.of) === member.number
}

/** `k/N`, as it is given by flag and kept in the data folder. */
export function memberLabel(member: Member): string {
  return `${member.number}/${member.of}`
}

/** Reads `k/N`; null for anything else. */
export function memberOfLabel(label: string): Member | null {
  const [, number, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(label)?.map(Number) ?? []
  if (number === undefined || of === undefined) return null
  return number >= 1 && number <= of && of <= MOST_MEMBERS ? { number, of } : null
}
