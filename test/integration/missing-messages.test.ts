import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { smallCity } from '../setup/small-city.js'
import { temporaryFolder } from '../setup/temp-folder.js'

const devices = z.object({ items: z.array(z.object({ id: z.string(), missing: z.unknown() })) })
const START_MS = Date.UTC(2026, 5, 1, 23, 50)

test('numbers that a device left out are listed until they come, and after a kill', async () => {
  const folder = await temporaryFolder('missing-messages')
  const level = {
    ...{ field: 'level', quantity: 'level', unit: 'm', kind: '{ type: instant }' },
    reporting: '{ type: periodic, intervalS: 60 }',
  }
  const city = join(folder.path, 'city.yaml')
  const sensors = ['A', 'B'].map((device) => ({ device, ...level }))
  await writeFile(city, smallCity({ sensors, model: 'plain-json' }))
  const args = ['--data', join(folder.path, 'data'), '--city', city, ...ANY_PORTS]
  let program = await startProgram(args)
  try {
    const send = async (device: string, numbers: readonly (number | null)[]): Promise<void> => {
      const password = await program.secretOf(device)
      const client = await connectAsync(program.mqtt, { username: device, password })
      for (const seq of numbers) {
        const time = new Date(START_MS + (seq ?? 0) * 60_000).toISOString()
        const payload = JSON.stringify({ ...(seq === null ? {} : { seq }), time, level: 1 })
        await client.publishAsync(`rl/v1/small/${device}/up`, payload, { qos: 1 })
      }
      await client.endAsync()
    }
    const missing = async (expected: unknown): Promise<void> => {
      const look = async (): Promise<void> => {
        const { items } = devices.parse(await program.json('/devices'))
        expect(items.map((item) => item.missing)).toEqual(expected)
      }
      await vi.waitFor(look, { timeout: 20_000, interval: 50 })
    }
    // Past midnight from 10 on; 9 comes twice, and late.
    await send('A', [7, 8, 12, 9, 9, 13, 16])
    await send('B', [null])
    const day = { dayMs: Date.UTC(2026, 5, 2) }
    await missing([
      {
        messages: 4,
        restarts: 0,
        gaps: [
          { afterNumber: 9, beforeNumber: 12, missing: 2, ...day },
          { afterNumber: 13, beforeNumber: 16, missing: 2, ...day },
        ],
      },
      null,
    ])
    await program.process.kill()
    program = await startProgram(args)
    await send('A', [15, 11, 10])
    const gaps = [{ afterNumber: 13, beforeNumber: 15, missing: 1, ...day }]
    await missing([{ messages: 1, restarts: 0, gaps }, null])
  } finally {
    await program.process.kill()
    await folder.remove()
  }
})
