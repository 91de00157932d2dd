import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  fnv1a,
  isInShare,
  memberLabel,
  memberOfDevice,
  memberOfLabel,
  MOST_MEMBERS,
} from '../../../../../src/domain/city/member.js'

test('the hash is FNV-1a: its published test vectors', () => {
  // draft-eastlake-fnv, appendix C, 32 bit FNV-1a.
  expect(fnv1a('')).toBe(0x811c9dc5)
  expect(fnv1a('a')).toBe(0xe40c292c)
  expect(fnv1a('foobar')).toBe(0xbf9cf968)
})

test('a device stays with its member for good', () => {
  // 0xbf9cf968 folded: 0xbf9c ^ 0xf968 = 0x46f4 = 18,164.
  expect(memberOfDevice('foobar', 1)).toBe(1)
  expect(memberOfDevice('foobar', 2)).toBe((18_164 % 2) + 1)
  expect(memberOfDevice('foobar', 7)).toBe((18_164 % 7) + 1)
})

test('every device is in the share of exactly one member', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: MOST_MEMBERS }), (device, of) => {
      const owners = Array.from({ length: of }, (_, index) => ({ number: index + 1, of })).filter(
        (member) => isInShare(device, member),
      )
      expect(owners).toEqual([{ number: memberOfDevice(device, of), of }])
    }),
  )
})

test('one process alone has all devices', () => {
  expect(isInShare('RG-01', null)).toBe(true)
})

test.each([2, 3, 4, 8])('numbered devices are dealt out evenly to %i members', (of) => {
  for (const digits of [1, 2, 3]) {
    // Ids whose digits repeat have an even parity: the trap of the lowest bit.
    const ids = Array.from({ length: 1_000 }, (_, n) => {
      return `RG-${Array.from({ length: digits }, () => String(n).padStart(3, '0')).join('-')}`
    })
    const shares = Array.from({ length: of }, () => 0)
    for (const id of ids) shares[memberOfDevice(id, of) - 1]! += 1
    for (const share of shares) {
      expect(share).toBeGreaterThan((0.7 * ids.length) / of)
      expect(share).toBeLessThan((1.3 * ids.length) / of)
    }
  }
})

test('a label is k/N with k from 1 to N', () => {
  expect(memberOfLabel('2/3')).toEqual({ number: 2, of: 3 })
  expect(memberLabel({ number: 2, of: 3 })).toBe('2/3')
  for (const wrong of ['0/2', '3/2', '1', '1/0', '-1/2', '1/2/3', 'a/b', '', '1/65', ' 1/2']) {
    expect(memberOfLabel(wrong)).toBeNull()
  }
})
