import { expect, test } from 'vitest'
import { overflowControlRatio, overflowEvents } from '../../../../../src/domain/runoff/overflow.js'
import {
  estimatedSolids,
  turbidityRegression,
  type PairedSample,
} from '../../../../../src/domain/runoff/turbidity-regression.js'
import { weirFlow } from '../../../../../src/domain/runoff/weir.js'
import { JUDGED } from '../../../../../src/domain/selection.js'
import { stateRecord } from '../../../../../src/domain/state-record.js'
import { HOUR_MS } from '../../../../../src/domain/time.js'

/** SS = 2·NTU^1.5 exactly, times a factor up and down in turn. */
function samples(count: number, factor: number): PairedSample[] {
  return Array.from({ length: count }, (_, i) => {
    const turbidityNtu = 10 * 2 ** Math.floor(i / 2 / 2)
    const up = i % 2 === 0 ? factor : 1 / factor
    return { turbidityNtu, solidsMgL: 2 * turbidityNtu ** 1.5 * up, event: `E${i % 3}` }
  })
}

test('a perfect power law comes back, with a smearing factor of 1', () => {
  const fit = turbidityRegression(samples(24, 1))
  if (!fit.ok) throw new Error(fit.reason)
  expect(fit.regression.k).toBeCloseTo(1.5, 9)
  expect(Math.exp(fit.regression.a)).toBeCloseTo(2, 9)
  expect(fit.regression.smearing).toBeCloseTo(1, 9)
  expect(fit.regression.rSquared).toBeCloseTo(1, 9)
  expect(estimatedSolids(fit.regression, 40).solidsMgL).toBeCloseTo(2 * 40 ** 1.5, 6)
  expect(estimatedSolids(fit.regression, 1e4).beyond).toBe('above')
  expect(estimatedSolids(fit.regression, 1).beyond).toBe('below')
  expect(estimatedSolids(fit.regression, 0)).toEqual({ solidsMgL: 0, beyond: 'below' })
})

test('scatter makes the smearing factor: the mean of 2 and 1/2 for residuals of ± ln 2', () => {
  const fit = turbidityRegression(samples(24, 2))
  if (!fit.ok) throw new Error(fit.reason)
  expect(fit.regression.smearing).toBeCloseTo(1.25, 9)
})

test.each([
  ['too-few-pairs', samples(19, 1)],
  ['too-few-events', samples(24, 1).map((one) => ({ ...one, event: 'E' }))],
  ['not-positive', [...samples(24, 1), { turbidityNtu: 0, solidsMgL: 1, event: 'E' }]],
  ['no-spread', samples(24, 1).map((one) => ({ ...one, turbidityNtu: 5 }))],
])('a regression is refused for %s', (reason, given) => {
  expect(turbidityRegression(given)).toEqual({ ok: false, reason })
})

test('a weir flows by its head, not at all below its crest, and says when it is drowned', () => {
  const weir = { crestM: 12, widthM: 2, coefficient: 0.36 }
  // 0.36·2·√(2·9.80665)·0.25^1.5 = 0.72·4.42869·0.125
  expect(weirFlow(weir, 12.25, null).flowM3s).toBeCloseTo(0.398582, 5)
  expect(weirFlow(weir, 12, null)).toEqual({ flowM3s: 0, state: 'dry' })
  expect(weirFlow(weir, 12.25, 12.16).state).toBe('free')
  expect(weirFlow(weir, 12.25, 12.2).state).toBe('submerged')
})

/** Instants every half hour, m³/s. */
function record(flows: readonly (number | null)[]) {
  const n = flows.length
  return stateRecord(
    {
      series: 'Q',
      atMs: Float64Array.from({ length: n }, (_, i) => (i * HOUR_MS) / 2),
      spanMs: new Float64Array(n),
      values: Float64Array.from(flows, (flow) => flow ?? Number.NaN),
      flags: Uint8Array.from(flows, (flow) => (flow === null ? 9 : 1)),
      tests: new Uint16Array(n),
      origins: new Uint8Array(n),
    },
    { kind: { type: 'instant' }, reporting: { type: 'periodic', intervalS: 1800 } },
    { fromMs: 0, toMs: ((n - 1) * HOUR_MS) / 2 },
    { selection: JUDGED, bridgeMs: 0 },
  )
}

test('overflows six hours apart are two, closer ones are one; volumes are those above the threshold', () => {
  const quiet = (count: number) => Array.from({ length: count }, () => 0)
  const rule = { thresholdM3s: 0.1, separationMs: 6 * HOUR_MS }
  // A triangle up to 0.3 and down again: above 0.1 for 2/3 of each half hour, mean 0.2.
  const one = overflowEvents(
    record([...quiet(3), 0.3, ...quiet(8), 0.3, ...quiet(16), 0.3, 0]),
    rule,
  )
  expect(one.map(({ volumeM3 }) => Math.round(volumeM3))).toEqual([960, 480])
  expect(one[0]?.peakM3s).toBe(0.3)
  expect(one.every(({ state }) => state === 'complete')).toBe(true)
  const holed = overflowEvents(record([0, 0.3, 0, null, null, 0, 0.3, 0]), rule)
  expect(holed).toMatchObject([{ state: 'hole' }])
  // Nobody saw where the first ends and where the second begins.
  const cut = [...[0.3, 0.3, null], ...quiet(16), ...[null, 0.3, 0.3, 0]]
  const beside = overflowEvents(record([0, ...cut, ...quiet(14), 0.3, 0]), rule)
  expect(beside.map(({ state }) => state)).toEqual(['hole', 'hole', 'complete'])
  expect(overflowEvents(record(quiet(5)), rule)).toEqual([])
})

test('half of the overflow kept back is a ratio of one half', () => {
  expect(overflowControlRatio(1000, 500)).toBe(0.5)
  expect(overflowControlRatio(0, 0)).toBeNull()
})
