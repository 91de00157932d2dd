import { describe, expect, test } from 'vitest'
import { recentEntries } from '../../../../../src/adapters/journal/recent-entries.js'
import type { JournalEntry } from '../../../../../src/ports/journal.js'

function entry(seq: number, payloadBytes = 10): JournalEntry {
  return {
    seq,
    kind: 'message',
    arrivalMs: 0,
    device: 'd',
    client: 'd',
    topic: 't',
    qos: 1,
    retain: false,
    dup: false,
    payload: new Uint8Array(payloadBytes),
  }
}

describe('recent entries', () => {
  test('are given from any one that is remembered, up to limit and end', () => {
    const recent = recentEntries(1, 1_000_000)
    for (let seq = 1; seq <= 100; seq += 1) recent.add(entry(seq))
    expect(recent.from(40, 100, 3).map(({ seq }) => seq)).toEqual([40, 41, 42])
    expect(recent.from(99, 100, 10).map(({ seq }) => seq)).toEqual([99, 100])
    expect(recent.from(50, 51, 10).map(({ seq }) => seq)).toEqual([50, 51])
    expect(recent.from(101, 200, 10)).toEqual([])
  })

  test('begin where the journal was opened: nothing before is pretended', () => {
    const recent = recentEntries(501, 1_000_000)
    recent.add(entry(501))
    expect(recent.from(500, 501, 10)).toEqual([])
    expect(recent.from(501, 501, 10)).toHaveLength(1)
  })

  test('are forgotten oldest first when their bytes exceed the bound', () => {
    const recent = recentEntries(1, 10_000)
    for (let seq = 1; seq <= 100; seq += 1) recent.add(entry(seq, 1_000))
    expect(recent.from(1, 100, 100)).toEqual([])
    const kept = recent.from(95, 100, 100)
    expect(kept.at(-1)?.seq).toBe(100)
    expect(recent.from(90, 100, 100)).toEqual([])
  })

  test('forget an entry that alone exceeds the bound, and go on', () => {
    const recent = recentEntries(1, 2_000)
    recent.add(entry(1, 50_000))
    expect(recent.from(1, 1, 1)).toEqual([])
    recent.add(entry(2))
    expect(recent.from(2, 2, 1)).toHaveLength(1)
  })

  test('stay right when more have gone through than there are places', () => {
    const recent = recentEntries(1, Number.MAX_SAFE_INTEGER)
    for (let seq = 1; seq <= 200_000; seq += 1) recent.add(entry(seq, 0))
    expect(recent.from(134_464, 200_000, 1)).toEqual([])
    expect(recent.from(134_465, 200_000, 2).map(({ seq }) => seq)).toEqual([134_465, 134_466])
    expect(recent.from(200_000, 200_000, 5).map(({ seq }) => seq)).toEqual([200_000])
  })
})
