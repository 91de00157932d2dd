import { FLAG, ORIGIN } from '../flag.js'
import { JUDGED, JUDGED_WITHOUT_SUSPECT } from '../selection.js'
import type { Window } from '../time.js'
import { cityTime, type CityTime } from './city-time.js'
import {
  note,
  text,
  type Computation,
  type Indicator,
  type Loaded,
  type Scope,
} from './indicator.js'
import type { IndicatorResult, Note, Verdict } from './result.js'

export type Judgement = Computation & Pick<IndicatorResult, 'withoutSuspect'>

/**
 * Computes an indicator with the suspect observations and, when there are any, without them. Where
 * the verdicts differ nobody may decide before the observations are reviewed: NOT_EVALUATED, and
 * they are named. Failed and filled observations that were left out
 * are counted in the notes; those outside the spans that count are not.
 */
export function judgedBothWays(indicator: Indicator, scope: Scope, loaded: Loaded): Judgement {
  const withSuspect = indicator.compute(scope, loaded, JUDGED)
  const seen: Seen = {
    loaded,
    time: cityTime(scope.registry),
    spans: indicator.counts?.(scope) ?? [{ fromMs: -Infinity, toMs: Infinity }],
  }
  const notes = [...withSuspect.notes, ...leftOut(seen)]
  const suspects = observationsWith(seen, (flag) => flag === FLAG.suspect)
  if (suspects.count === 0) return { ...withSuspect, notes, withoutSuspect: null }

  const without = indicator.compute(scope, loaded, JUDGED_WITHOUT_SUSPECT)
  const withoutSuspect = { value: without.value, verdict: without.verdict }
  notes.push(
    note(
      'suspect_used',
      `含存疑观测值 ${suspects.count} 个：${suspects.named}`,
      `suspect observations that are in, ${suspects.count}: ${suspects.named}`,
    ),
  )
  if (without.verdict === withSuspect.verdict) return { ...withSuspect, notes, withoutSuspect }
  return {
    ...withSuspect,
    notes,
    withoutSuspect,
    verdict: 'NOT_EVALUATED',
    reason: text(
      `待复核：含存疑观测值为${VERDICT_ZH[withSuspect.verdict]}，剔除后为${VERDICT_ZH[without.verdict]}；观测值：${suspects.named}`,
      `review pending: ${withSuspect.verdict} with the suspect observations, ${without.verdict} without them; they are ${suspects.named}`,
    ),
  }
}

const VERDICT_ZH: Readonly<Record<Verdict, string>> = {
  PASS: '达标',
  FAIL: '不达标',
  CONDITIONAL: '有条件达标',
  NOT_EVALUATED: '未评价',
  NOT_APPLICABLE: '不适用',
}

/** What was read, and the spans of it that count. */
interface Seen {
  readonly loaded: Loaded
  readonly time: CityTime
  readonly spans: readonly Window[]
}

function leftOut(seen: Seen): Note[] {
  const failed = observationsWith(seen, (flag) => flag === FLAG.fail)
  const filled = observationsWith(
    seen,
    (flag, origin) => origin === ORIGIN.filled && flag !== FLAG.fail && flag !== FLAG.missing,
  )
  const notes: Note[] = []
  if (failed.count > 0) {
    notes.push(
      note(
        'failed_left_out',
        `剔除不合格观测值 ${failed.count} 个：${failed.named}`,
        `failed observations that are left out, ${failed.count}: ${failed.named}`,
      ),
    )
  }
  if (filled.count > 0) {
    notes.push(
      note(
        'filled_left_out',
        `剔除插补值 ${filled.count} 个，插补值不作为判定依据：${filled.named}`,
        `filled values that are left out because they never prove a verdict, ${filled.count}: ${filled.named}`,
      ),
    )
  }
  return notes
}

/** Observations of one kind, counted and named by series and time; neighbours in a series as one range. */
function observationsWith(
  { loaded, time, spans }: Seen,
  isMeant: (flag: number, origin: number) => boolean,
): { readonly count: number; readonly named: string } {
  let count = 0
  const ranges: string[] = []
  for (const series of [...loaded.keys()].sort()) {
    const columns = loaded.get(series)
    if (columns === undefined) continue
    const { atMs, spanMs, flags, origins } = columns
    const middleMs = (i: number) => (atMs[i] ?? 0) - (spanMs[i] ?? 0) / 2
    const isNamed = (i: number) =>
      isMeant(flags[i] ?? FLAG.missing, origins[i] ?? 0) && isWithin(middleMs(i), spans)
    for (let i = 0; i < atMs.length; i++) {
      if (!isNamed(i)) continue
      const first = i
      while (i + 1 < atMs.length && isNamed(i + 1)) i++
      count += i - first + 1
      const from = time.at(atMs[first] ?? 0)
      const to = time.at(atMs[i] ?? 0)
      ranges.push(first === i ? `${series} ${from}` : `${series} ${from}/${to}`)
    }
  }
  return { count, named: `${ranges.join(', ')} (${time.zone})` }
}

function isWithin(atMs: number, spans: readonly Window[]): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
}
