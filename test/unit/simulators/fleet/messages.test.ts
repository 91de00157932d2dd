import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DEVICE_MODELS } from '../../../../devices/index.js'
import { fleetCity } from '../../../../simulators/fleet/fleet-city.js'
import { fleetPlan, type FleetPlan } from '../../../../simulators/fleet/fleet-plan.js'
import { malformed, MALFORMED_KINDS } from '../../../../simulators/fleet/malformed.js'
import { deviceMessages } from '../../../../simulators/fleet/messages.js'
import { scenarioSchema } from '../../../../simulators/fleet/scenario.js'
import type { FaultEntry } from '../../../../simulators/sensors/readings.js'
import { conversion } from '../../../../src/domain/units.js'

const NOW_MS = Date.UTC(2026, 10, 1)
const ARRIVAL = { arrivalMs: NOW_MS, clock: 'own' } as const

async function planOf(more: Record<string, unknown>, count = 3): Promise<FleetPlan> {
  const groups = [
    { prefix: 'rain', count, kind: 'rain-counter', model: 'senml-cbor' },
    { prefix: 'level', count, kind: 'level-gauge' },
  ]
  const scenario = scenarioSchema.parse({
    ...{ format: 1, name: 'test', seed: 5, city: { generate: { groups } } },
    time: {
      start: '2026-06-01T00:00:00Z',
      ...{ durationS: 36_000, stepS: 600, pace: 'asFastAsAcked' },
    },
    sensors: [{ sensors: '*', faults: [{ kind: 'noise', sd: 0.01 }] }],
    ...more,
  })
  return fleetPlan(scenario, (await fleetCity(scenario, 'test.yaml')).registry, NOW_MS)
}

function sentBy(plan: FleetPlan, device: string, onFault?: (fault: FaultEntry) => void) {
  const found = plan.devices.find((one) => one.device.id === device)
  if (found === undefined) throw new Error(`no ${device}`)
  return [...deviceMessages(plan, found, onFault)]
}

function bytesOf(plan: FleetPlan, device: string): string {
  const hash = createHash('sha256')
  for (const { payload } of sentBy(plan, device)) hash.update(payload)
  return hash.digest('hex')
}

const ROUGH = [
  { kind: 'malformed', devices: '*', share: 0.2 },
  { kind: 'duplicates', devices: '*', share: 0.2 },
  { kind: 'reordering', devices: '*', withinMessages: 4 },
]

test('the same seed sends the same bytes, in any order of devices and beside any others', async () => {
  const few = await planOf({ network: ROUGH })
  const many = await planOf({ network: ROUGH }, 9)
  const names = few.devices.map(({ device }) => device.id)
  expect(names).toHaveLength(6)
  const forwards = names.map((name) => bytesOf(few, name))
  const backwards = [...names].reverse().map((name) => bytesOf(many, name))
  expect(backwards.reverse()).toEqual(forwards)
  expect(new Set(forwards).size).toBe(6)
  const other = await planOf({ seed: 6, network: ROUGH })
  expect(names.map((name) => bytesOf(other, name))).not.toEqual(forwards)
})

test('a message holds as many readings as the habit says', async () => {
  const plan = await planOf({ habits: [{ devices: 'level-*', readingsPerMessage: 7 }] })
  // 60 steps: eight packs of 7 and one of 4.
  expect(sentBy(plan, 'level-1').map(({ good }) => good)).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 4])
  expect(sentBy(plan, 'rain-1')).toHaveLength(60)
})

test('copies come later, with the bytes of their originals', async () => {
  const duplicates = { kind: 'duplicates', devices: '*', share: 1, laterByMessages: 2 }
  const sent = sentBy(await planOf({ network: [duplicates] }), 'level-1')
  // Each number twice; the copy of 0 follows message 2.
  expect(sent).toHaveLength(120)
  expect(sent.slice(0, 6).map(({ number }) => number)).toEqual([0, 1, 2, 0, 3, 1])
  expect(sent[3]).toMatchObject({ isCopy: true, payload: sent[0]?.payload })
})

test('reordering mixes within its window and loses nothing', async () => {
  const reordering = { kind: 'reordering', devices: '*', withinMessages: 5 }
  const plain = sentBy(await planOf({}), 'level-1')
  const mixed = sentBy(await planOf({ network: [reordering] }), 'level-1')
  expect(mixed.map(({ number }) => number)).not.toEqual(plain.map(({ number }) => number))
  for (const [position, { number, dueMs }] of mixed.entries()) {
    expect(Math.floor(number / 5)).toBe(Math.floor(position / 5))
    expect(dueMs).toBeGreaterThanOrEqual(plain[number]?.dueMs ?? Infinity)
  }
  expect(mixed.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
    plain.map(({ number }) => number),
  )
})

test('after a reboot the clock runs on from 2000 until it is synchronised, and that is refused', async () => {
  const reboot = { kind: 'reboot', devices: 'level-2', atS: 6_000, clockSyncedAfterS: 1_800 }
  const plan = await planOf({ network: [reboot] })
  const faults: FaultEntry[] = []
  const sent = sentBy(plan, 'level-2', (fault) => faults.push(fault))
  const startMs = Date.UTC(2026, 5, 1)
  expect(faults.filter(({ kind }) => kind === 'clock-reset')).toEqual([
    {
      ...{ kind: 'clock-reset', sensor: 'level-2.level', rows: 3 },
      ...{ fromMs: startMs + 6_000_000, toMs: startMs + 7_800_000 },
      parameters: { runsOnFromMs: 946_684_800_000 },
    },
  ])
  // Steps of 600 s from second 600 on: those of 6000, 6600 and 7200 s are before 7800 s.
  const refused = sent.filter(({ good }) => good === 0)
  expect(refused.map(({ number }) => number)).toEqual([9, 10, 11])
  const { payload } = refused[1] ?? { payload: new Uint8Array() }
  // 600 s after the reboot.
  expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject([{ bt: 946_684_800 + 600 }])
})

test('of two readings with one stamp only the first is sent', async () => {
  // The clock goes back by two steps at second 6000: two stamps have been given before.
  const back = { kind: 'clock', fromS: 6_000, offsetS: -1_200 }
  const sent = sentBy(await planOf({ sensors: [{ sensors: '*', faults: [back] }] }), 'level-1')
  expect(sent.reduce((sum, { good }) => sum + good, 0)).toBe(58)
})

test('every kind of malformed message is refused by the real decoder, as many records as told', () => {
  const records = [0, 1].map((step) => ({
    ...{ name: 'level', unit: 'm', value: step, atMs: NOW_MS - step * 1000, fromMs: null },
  }))
  let looked = 0
  for (const model of DEVICE_MODELS) {
    for (const kind of MALFORMED_KINDS) {
      looked++
      const { payload, observations } = malformed(kind, model, records)
      const decoded = model.decode(payload, ARRIVAL)
      const name = `${model.id} ${kind}`
      if (observations === 0) {
        expect(decoded, name).toHaveProperty('code')
        continue
      }
      if ('code' in decoded) throw new Error(`${name}: ${decoded.reason}`)
      const kept = decoded.records.filter(({ unit }) => conversion(unit ?? 'm', 'level') !== null)
      expect(kept, name).toEqual([])
      expect(decoded.records.length + decoded.refused.length, name).toBe(observations)
    }
  }
  expect(looked).toBe(15)
})

test('every fault of every sensor is told', async () => {
  const plan = await planOf({})
  const faults: FaultEntry[] = []
  for (const device of plan.devices) {
    const messages = deviceMessages(plan, device, (fault) => faults.push(fault))
    expect(messages.next().done).toBe(false)
  }
  expect(faults.map(({ kind, sensor }) => `${kind} ${sensor}`)).toEqual([
    ...['noise rain-1.rain_total', 'noise rain-2.rain_total', 'noise rain-3.rain_total'],
    ...['noise level-1.level', 'noise level-2.level', 'noise level-3.level'],
  ])
})
