import type { PondingEvent } from '../ponding/ponding-events.js'
import type { RainEnd } from '../ponding/rain-end.js'
import { numberOf, text, type Scope } from './indicator.js'
import type { Text, Verdict } from './result.js'
import { percent } from './storm-sums.js'

export type PondingFault = 'depth' | 'recession'

/** A ponding with the rain it belongs to and the limits it broke. */
export interface JudgedEvent {
  readonly event: PondingEvent
  readonly end: RainEnd
  /** From the end of the rain to the end of the ponding; 0 when the water was gone first. */
  readonly recessionMs: number | null
  readonly faults: readonly PondingFault[]
}

/**
 * A limit broken is a FAIL whatever the rain was: a lighter one is no excuse. To pass, a rain of the
 * sewer's design depth must have come and been watched.
 */
export function pondingVerdict(
  scope: Scope,
  rows: readonly JudgedEvent[],
  qualifying: number | null,
  coverage: number,
): { readonly verdict: Verdict; readonly reason: Text } {
  const broken = rows.filter(({ faults }) => faults.length > 0)
  if (broken.length > 0) {
    const times = broken.map(({ event }) => new Date(event.fromMs).toISOString()).join(', ')
    return {
      verdict: 'FAIL',
      reason: text(`水深或退水时间超限:${times}`, `depth or recession above its limit: ${times}`),
    }
  }
  const notEvaluated = (zh: string, en: string) => ({
    verdict: 'NOT_EVALUATED' as const,
    reason: text(zh, en),
  })
  if (coverage < numberOf(scope, 'coverageMin')) {
    return notEvaluated(
      `有效覆盖 ${percent(coverage)} 不足`,
      `coverage of ${percent(coverage)} is too little`,
    )
  }
  const untold = rows.filter(
    ({ end, event }) => end.found === 'unknown' || event.state !== 'complete',
  )
  if (untold.length > 0) {
    return notEvaluated(
      '有积水的退水时间无法确定',
      'the recession of a ponding cannot be told: rain or ponding record not complete',
    )
  }
  if (qualifying === null) {
    return notEvaluated(
      '未给出管渠设计重现期的 1 h 降雨量,仅给出数值',
      'the 1-h depth of the sewer’s design return period is not given; the value is',
    )
  }
  if (qualifying === 0) {
    return notEvaluated(
      '未经检验:没有达到管渠设计重现期的降雨',
      'not tested: no rain reached the sewer’s design return period',
    )
  }
  return {
    verdict: 'PASS',
    reason: text(
      `${qualifying} 场达到设计标准的降雨,水深和退水时间均未超限`,
      `${qualifying} events of the design depth or more, no limit broken`,
    ),
  }
}
