import { text } from '../indicators/indicator.js'
import type { Text, Verdict } from '../indicators/result.js'
import type { Finding, ItemJudgement } from './finding.js'
import type { Scheme, SchemeItem } from './scheme.js'

/** An item of a scheme as it was judged. */
export interface JudgedItem extends ItemJudgement {
  readonly item: SchemeItem
  readonly findings: readonly Finding[]
  /** Points that the statement gives itself; null when it gives none. */
  readonly selfScore: number | null
}

/** How the points of an item came about. */
export interface ScoreStep {
  readonly item: string
  readonly max: number
  /** Share of the points earned, 0 to 1; null where the item does not apply. */
  readonly share: number | null
  readonly points: number
  readonly why: Text
}

/** Points of a scheme, or of a group of it. */
export interface Score {
  /** 100 · points / applicable; null when no item applies. */
  readonly score: number | null
  /** 100 · points of all evaluated items / applicable: the most that the evidence there is could earn. */
  readonly reachable: number | null
  readonly points: number
  /** Points of all items that apply, evaluated or not. */
  readonly applicable: number
  readonly steps: readonly ScoreStep[]
}

/**
 * Scores judged items: what is NOT_EVALUATED earns nothing and stays in the denominator, only what
 * is NOT_APPLICABLE leaves it.
 */
export function scoreOf(judged: readonly JudgedItem[]): Score {
  const steps = judged.flatMap((one) => (one.item.score === undefined ? [] : [stepOf(one)]))
  const applying = steps.filter(({ share }) => share !== null)
  const applicable = applying.reduce((sum, { max }) => sum + max, 0)
  const points = applying.reduce((sum, step) => sum + step.points, 0)
  const verdicts = new Map(judged.map(({ item, verdict }) => [item.id, verdict]))
  const evaluated = applying
    .filter(({ item }) => verdicts.get(item) !== 'NOT_EVALUATED')
    .reduce((sum, { max }) => sum + max, 0)
  const outOf100 = (part: number): number | null =>
    applicable === 0 ? null : (100 * part) / applicable
  return { score: outOf100(points), reachable: outOf100(evaluated), points, applicable, steps }
}

/** One score per group that has items with points, in the order of the scheme. */
export function groupScores(
  scheme: Scheme,
  judged: readonly JudgedItem[],
): readonly { readonly group: string; readonly score: Score }[] {
  return scheme.groups
    .map(({ id }) => ({
      group: id,
      score: scoreOf(judged.filter(({ item }) => item.group === id)),
    }))
    .filter(({ score }) => score.steps.length > 0)
}

function stepOf({ item, verdict, value, findings, selfScore }: JudgedItem): ScoreStep {
  const max = item.score?.max ?? 0
  const step = (share: number | null, why: Text): ScoreStep => ({
    item: item.id,
    max,
    share,
    points: (share ?? 0) * max,
    why,
  })
  if (verdict === 'NOT_APPLICABLE') {
    return step(null, text('不适用，不计入满分', 'not applicable: left out of the total'))
  }
  if (verdict === 'NOT_EVALUATED') {
    return step(0, text('未评价，不得分', 'not evaluated: earns nothing'))
  }
  const how = item.score?.how
  switch (how?.rule) {
    case undefined:
    case 'verdict':
      return step(...byVerdict(verdict, how?.conditional ?? 0))
    case 'subjects-passing': {
      const counted = findings.filter((finding) => finding.verdict !== 'NOT_APPLICABLE')
      const passing = counted.filter((finding) => finding.verdict === 'PASS').length
      return step(
        passing / counted.length,
        text(
          `${counted.length} 个对象中 ${passing} 个达标`,
          `${passing} of ${counted.length} subjects pass`,
        ),
      )
    }
    case 'self-score': {
      const given = Math.min(max, selfScore ?? 0)
      return step(
        given / max,
        selfScore === null
          ? text('未自评分', 'no self-score was given')
          : text(`自评 ${given} 分`, `self-score of ${given}`),
      )
    }
    case 'linear': {
      if (value === null) return step(0, NO_VALUE)
      const share = clamped((value - how.none) / (how.full - how.none))
      return step(
        share,
        text(
          `数值 ${value}：${how.none} 不得分，${how.full} 得满分，其间直线`,
          `value ${value}: ${how.none} earns nothing, ${how.full} all, straight between`,
        ),
      )
    }
    case 'cut-offs': {
      if (value === null) return step(0, NO_VALUE)
      const reached = how.steps
        .filter(({ atLeast }) => value >= atLeast)
        .reduce((most, one) => Math.max(most, one.share), 0)
      return step(
        reached,
        text(`数值 ${value}，分档得 ${reached}`, `value ${value}: its step earns ${reached}`),
      )
    }
    default:
      return how satisfies never
  }
}

const NO_VALUE = text('没有数值，不得分', 'no value: earns nothing')

function byVerdict(verdict: Verdict, conditional: number): readonly [number, Text] {
  if (verdict === 'PASS') return [1, text('达标，得满分', 'PASS earns all')]
  if (verdict === 'CONDITIONAL') {
    return [conditional, text(`有条件达标，得 ${conditional}`, `CONDITIONAL earns ${conditional}`)]
  }
  return [0, text('不达标，不得分', 'FAIL earns nothing')]
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share))
}
