import { describe, expect, it } from 'vitest'
import { diskBound } from '../../../../../src/adapters/journal/disk-bound.js'
import type { JournalAlarm } from '../../../../../src/adapters/journal/journal-fault.js'

function boundOf100(): { bound: ReturnType<typeof diskBound>; kinds: () => string[] } {
  const alarms: JournalAlarm[] = []
  const bound = diskBound(100, (alarm) => alarms.push(alarm))
  return { bound, kinds: () => alarms.map(({ kind }) => kind) }
}

describe('the disk bound', () => {
  it('says nothing while there is room, and once that it fills from 80 % on', () => {
    const { bound, kinds } = boundOf100()
    bound.watch(79)
    expect(kinds()).toEqual([])
    bound.watch(80)
    bound.watch(90)
    expect(kinds()).toEqual(['filling'])
  })

  it('takes what fits exactly and refuses one byte more, naming both sizes', () => {
    const { bound, kinds } = boundOf100()
    expect(bound.refusal(90, 10)).toBeNull()
    expect(bound.refusal(90, 11)?.message).toBe('the journal holds 90 of at most 100 bytes')
    expect(kinds()).toEqual(['full'])
  })

  it('takes the alarm back when room has been made', () => {
    const { bound, kinds } = boundOf100()
    bound.watch(85)
    expect(bound.refusal(99, 2)).not.toBeNull()
    bound.watch(96)
    expect(kinds()).toEqual(['filling', 'full'])
    bound.watch(94)
    bound.watch(20)
    bound.watch(10)
    expect(kinds()).toEqual(['filling', 'full', 'filling', 'room'])
  })
})
