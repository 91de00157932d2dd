import { expect, test } from 'vitest'
import { clusterTrial } from './cluster-trial.js'

test('what was acknowledged before a member was killed is stored once by its standby, and the summed books close', async () => {
  const result = await clusterTrial({ kills: 2, seed: 20_261_127 })
  expect(result.kills).toBe(2)
  expect(result.acked).toBeGreaterThan(1_000)
  expect(result.refused).toBeGreaterThan(0)
  expect(result).toMatchObject({ lost: 0, double: 0, ledgerDifference: 0 })
  expect(result.points).toBe(result.inserted)
})
