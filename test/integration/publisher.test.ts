import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishLoad, type Load } from '../../simulators/publisher/index.js'
import { startMosquitto, type Mosquitto } from '../setup/mosquitto.js'

let mosquitto: Mosquitto

beforeAll(async () => {
  mosquitto = await startMosquitto({ settings: ['max_queued_messages 0'] })
})

afterAll(async () => {
  await mosquitto.stop()
})

function load(more: Partial<Load>): Load {
  return {
    url: mosquitto.url,
    cityId: 'small',
    clients: ['G-1', 'G-2', 'G-3'].map((device) => ({ device, secret: 's' })),
    qos: 1,
    window: 20,
    field: 'level',
    unit: 'm',
    payloadBytes: 110,
    firstAtMs: Date.UTC(2024, 0, 1),
    seconds: 0.5,
    ratePerSecond: null,
    ...more,
  }
}

/** What somebody else has seen arrive at Mosquitto, by topic. */
async function seenWhile<Answer>(
  work: () => Promise<Answer>,
  wanted: (answer: Answer) => number,
): Promise<{ readonly answer: Answer; readonly payloads: ReadonlyMap<string, string[]> }> {
  const payloads = new Map<string, string[]>()
  let seen = 0
  const listener = await connectAsync(mosquitto.url)
  listener.on('message', (topic, payload) => {
    payloads.set(topic, [...(payloads.get(topic) ?? []), payload.toString()])
    seen++
  })
  await listener.subscribeAsync('rl/v1/small/+/up', { qos: 2 })
  try {
    const answer = await work()
    const giveUpMs = performance.now() + 20_000
    while (seen < wanted(answer) && performance.now() < giveUpMs) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return { answer, payloads }
  } finally {
    await listener.endAsync()
  }
}

test.each([0, 1, 2] as const)(
  'at QoS %i a foreign broker passes on exactly what the publisher counts as acknowledged',
  async (qos) => {
    const { answer, payloads } = await seenWhile(
      async () => await publishLoad(load({ qos, ratePerSecond: 600 })),
      ({ acked }) => acked,
    )
    expect(answer.acked).toBe(300)
    expect(answer.sent).toBe(300)
    expect([...payloads.keys()].sort()).toEqual(
      ['G-1', 'G-2', 'G-3'].map((device) => `rl/v1/small/${device}/up`),
    )
    for (const ofDevice of payloads.values()) {
      expect(ofDevice).toHaveLength(100)
      expect(new Set(ofDevice).size).toBe(100)
      expect(ofDevice.every((payload) => Buffer.byteLength(payload) === 110)).toBe(true)
    }
  },
)

test('as fast as acknowledged, every message sent is acknowledged in the end', async () => {
  const report = await publishLoad(load({}))
  expect(report.acked).toBeGreaterThan(100)
  expect(report.acked).toBe(report.sent)
  expect(report.latencyMs.p50).toBeLessThanOrEqual(report.latencyMs.p99)
})

test('a broker that is not there is an error, not a report of nothing', async () => {
  await expect(publishLoad(load({ url: 'mqtt://127.0.0.1:1' }))).rejects.toThrow('ECONNREFUSED')
})
