import { expect, test } from 'vitest'
import { killTrial } from './kill-trial.js'

test.each([
  ['embedded', 'duckdb', 5],
  ['embedded', 'influx', 3],
  ['external', 'duckdb', 3],
] as const)(
  'what was acknowledged before kill -9 is stored or refused, once, and the books close (%s, %s)',
  async (broker, store, kills) => {
    const result = await killTrial({ kills, broker, store, seed: 20_261_123 })
    expect(result.kills).toBe(kills)
    expect(result.acked).toBeGreaterThan(1_000)
    expect(result.refused).toBeGreaterThan(0)
    expect(result).toMatchObject({ lost: 0, double: 0, ledgerDifference: 0 })
  },
)
