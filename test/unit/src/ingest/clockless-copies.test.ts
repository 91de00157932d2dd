import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceModel } from '../../../../devices/index.js'
import { readRegistry } from '../../../../src/adapters/city-file/index.js'
import { registryIndex } from '../../../../src/domain/city/registry-index.js'
import { ORIGIN } from '../../../../src/domain/flag.js'
import { clocklessCopies } from '../../../../src/ingest/clockless-copies.js'
import { deviceTable } from '../../../../src/ingest/device-table.js'
import { project, type ProjectionRules } from '../../../../src/ingest/projection.js'
import type { JournalEntry } from '../../../../src/ports/journal.js'
import { smallCity } from '../../../setup/small-city.js'

const NOON_MS = Date.UTC(2026, 5, 1, 12)
const WINDOW_MS = 10_000

function rules(clock: string): ProjectionRules {
  const text = smallCity({
    model: 'plain-json',
    sensors: [
      {
        device: 'HAND',
        field: 'depth',
        quantity: 'ponding_depth',
        unit: 'mm',
        kind: '{ type: instant }',
        reporting: '{ type: on-change, heartbeatS: 86400 }',
      },
    ],
  }).replace('model: plain-json', `model: plain-json\n    ${clock}`)
  const reading = readRegistry(text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults))
  const { registry } = reading
  return {
    registry,
    table: deviceTable(registry),
    sensors: registryIndex(registry).sensors,
    models: deviceModel,
    copies: clocklessCopies(),
    futureToleranceMs: 300_000,
  }
}

function arrival(seq: number, arrivalMs: number, depth: number): JournalEntry {
  return {
    seq,
    kind: 'message',
    arrivalMs,
    device: 'HAND',
    client: 'HAND',
    topic: 'rl/v1/small/HAND/up',
    qos: 1,
    retain: false,
    dup: false,
    payload: Buffer.from(JSON.stringify({ depth })),
  }
}

/** Times of the stored rows, one per entry, in the entries' order. */
function times(entries: readonly JournalEntry[], clock = 'clock: none'): number[] {
  const given = rules(clock)
  given.copies.note(entries, given.table)
  const { observations, refusals } = project(entries, given, 1_000).batch
  expect(refusals).toEqual([])
  expect([...observations.origins].every((origin) => origin === ORIGIN.arrivalStamped)).toBe(true)
  return [...observations.atMs]
}

test('the same bytes again at exactly the window are a copy, 1 ms later a new message', () => {
  const first = arrival(1, NOON_MS, 180)
  expect(times([first, arrival(2, NOON_MS + WINDOW_MS, 180)])).toEqual([NOON_MS, NOON_MS])
  const late = NOON_MS + WINDOW_MS + 1
  expect(times([first, arrival(2, late, 180)])).toEqual([NOON_MS, late])
})

test('copies of copies rest on the first of the chain', () => {
  const chain = [0, 9_000, 18_000].map((after, at) => arrival(at + 1, NOON_MS + after, 180))
  expect(times(chain)).toEqual([NOON_MS, NOON_MS, NOON_MS])
})

test('other bytes are another message', () => {
  expect(times([arrival(1, NOON_MS, 180), arrival(2, NOON_MS + 500, 181)])).toEqual([
    NOON_MS,
    NOON_MS + 500,
  ])
})

test('a window of zero keeps every message', () => {
  const tips = [arrival(1, NOON_MS, 1), arrival(2, NOON_MS + 1_000, 1)]
  expect(times(tips, 'clock: none\n    copyWindowS: 0')).toEqual([NOON_MS, NOON_MS + 1_000])
})

test('the order of the journal does not matter', () => {
  const arrivals = fc.array(
    fc.record({ after: fc.nat(60_000), depth: fc.integer({ min: 0, max: 2 }) }),
    { minLength: 1, maxLength: 12 },
  )
  const inTwoOrders = arrivals.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  function keys(list: readonly { after: number; depth: number }[]): Set<string> {
    const entries = list.map(({ after, depth }, at) => arrival(at + 1, NOON_MS + after, depth))
    const atMs = times(entries)
    return new Set(list.map(({ depth }, row) => `${depth}@${atMs[row]}`))
  }
  fc.assert(
    fc.property(inTwoOrders, ([inOrder, shuffled]) => {
      expect(keys(shuffled)).toEqual(keys(inOrder))
    }),
  )
})
