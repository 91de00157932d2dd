import type { SeriesId } from '../../domain/observation.js'
import type { CurrentValues, SeriesJudge } from '../../domain/qc/series-judge.js'
import { currentOf } from './candidate.js'
import type { Classification, ClassifiedKey, NumberedRows } from './classify.js'
import { scenesOf, type Scene, type SceneParts } from './scenes.js'
import {
  changed,
  lowerBound,
  NO_CHANGES,
  upperBound,
  type Change,
  type Changes,
  type Stretch,
} from './stretch.js'
import type { Watch } from './watch.js'

/** A stored value whose flag and tests are to be replaced. */
export interface Reflag {
  readonly series: SeriesId
  readonly seriesNumber: number
  readonly atMs: number
  /** Which of its key's values it is. */
  readonly number: number
  readonly flag: number
  readonly tests: number
  /** Superseded values are not in `observation`. */
  readonly state: 'current' | 'superseded'
}

/** A batch with the flags that all series have once it has taken effect. */
export interface Judgement {
  /** Flags and tests are final where the row's series is judged. */
  readonly rows: NumberedRows
  readonly classification: Classification
  readonly reflags: readonly Reflag[]
  /** Remembers what is stored now; to be called after the commit. */
  readonly adopt: () => void
}

/**
 * Judges what a classified batch changes and what stands around it, so that every flag is what the
 * judge gives over the whole series: of new rows, and of stored ones whose neighbourhood is now
 * another.
 */
export async function judged(
  rows: NumberedRows,
  classification: Classification,
  parts: Omit<SceneParts, 'changes'>,
): Promise<Judgement> {
  const changes = changesOf(rows, classification, parts.watch)
  const scenes = await scenesOf({ ...parts, changes })
  const verdicts = new Map<SeriesId, Map<number, Verdict>>()
  for (const scene of scenes) settle(scene, verdicts)
  const flagged = withFlags(rows, classification, parts, verdicts)
  return {
    ...flagged,
    reflags: [...changedFlags(verdicts, changes, parts), ...flagged.superseded],
    adopt: () => {
      adopt(changes, scenes, verdicts, parts)
    },
  }
}

/** The flag of one current value. */
interface Verdict {
  readonly number: number
  readonly flag: number
  readonly tests: number
  /** Whether what is stored differs, or may. */
  readonly differs: boolean
}

type Verdicts = ReadonlyMap<SeriesId, ReadonlyMap<number, Verdict>>

/** Keys whose current value becomes another, of series that a judge looks at. */
function changesOf(
  { columns }: NumberedRows,
  { plain, keys }: Classification,
  watch: Watch,
): ReadonlyMap<SeriesId, Changes> {
  const isWatched = columns.series.map((series) => watch.horizonMs(series) !== undefined)
  const found = columns.series.map((): (Change & { readonly atMs: number })[] => [])
  for (const row of plain) {
    const series = columns.seriesIndex[row] ?? 0
    if (isWatched[series] !== true) continue
    const value = (columns.values[row] ?? Number.NaN) + 0
    found[series]?.push({ atMs: columns.atMs[row] ?? 0, value, number: 0 })
  }
  for (const { key, after, currentChanges } of keys) {
    if (isWatched[key.seriesIndex] !== true || !currentChanges) continue
    const { value, number } = currentOf(after)
    found[key.seriesIndex]?.push({ atMs: key.atMs, value, number })
  }
  const changes = new Map<SeriesId, Changes>()
  for (const [index, list] of found.entries()) {
    if (list.length === 0) continue
    list.sort((a, b) => a.atMs - b.atMs)
    const series = columns.series[index] ?? ''
    changes.set(series, { atMs: list.map(({ atMs }) => atMs), changes: list })
  }
  return changes
}

function settle(
  { series, judge, after, affected, deciding, neighbours }: Scene,
  verdicts: Map<SeriesId, Map<number, Verdict>>,
): void {
  const record = {
    atMs: after.atMs.subarray(deciding.from, deciding.to),
    values: after.values.subarray(deciding.from, deciding.to),
  }
  const fromMs = (after.atMs[affected.from] ?? 0) - judge.context.msBefore
  const toMs = (after.atMs[affected.to - 1] ?? 0) + judge.context.msAfter
  const others = neighbours.map((neighbour) => during(neighbour.after, fromMs, toMs))
  const { flags, tests } = judge.judge(record, others)
  const ofSeries = verdicts.get(series) ?? new Map<number, Verdict>()
  verdicts.set(series, ofSeries)
  for (let row = affected.from; row < affected.to; row++) {
    const flag = flags[row - deciding.from] ?? 0
    const spoke = tests[row - deciding.from] ?? 0
    ofSeries.set(after.atMs[row] ?? 0, {
      number: after.numbers[row] ?? 0,
      flag,
      tests: spoke,
      differs: after.flags[row] !== flag || after.tests[row] !== spoke,
    })
  }
}

function during({ atMs, values }: Stretch, fromMs: number, toMs: number): CurrentValues {
  const from = lowerBound(atMs, fromMs)
  const to = upperBound(atMs, toMs)
  return { atMs: atMs.subarray(from, to), values: values.subarray(from, to) }
}

/** Stored values that the batch itself does not touch and whose flag changes all the same. */
function changedFlags(
  verdicts: Verdicts,
  changes: ReadonlyMap<SeriesId, Changes>,
  { numberOf }: Pick<SceneParts, 'numberOf'>,
): readonly Reflag[] {
  const reflags: Reflag[] = []
  for (const [series, ofSeries] of verdicts) {
    const { atMs: own } = changes.get(series) ?? NO_CHANGES
    const seriesNumber = numberOf(series) ?? -1
    for (const [atMs, { number, flag, tests, differs }] of ofSeries) {
      if (!differs || own[lowerBound(own, atMs)] === atMs) continue
      reflags.push({ series, seriesNumber, atMs, number, flag, tests, state: 'current' })
    }
  }
  return reflags
}

/** Verdicts into the rows and keys of the batch; superseded values keep what the value alone says. */
function withFlags(
  rows: NumberedRows,
  classification: Classification,
  { judges }: Pick<SceneParts, 'judges'>,
  verdicts: Verdicts,
): Pick<Judgement, 'rows' | 'classification'> & { readonly superseded: readonly Reflag[] } {
  const { columns } = rows
  const flags = columns.flags.slice()
  const tests = columns.tests.slice()
  const give = (row: number, verdict: Pick<Verdict, 'flag' | 'tests'> | undefined): void => {
    if (verdict === undefined) return
    flags[row] = verdict.flag
    tests[row] = verdict.tests
  }
  const ofSeries = columns.series.map((series) => verdicts.get(series))
  for (const row of classification.plain) {
    give(row, ofSeries[columns.seriesIndex[row] ?? 0]?.get(columns.atMs[row] ?? 0))
  }
  const superseded: Reflag[] = []
  const keys = classification.keys.map((classified): ClassifiedKey => {
    const { key, before, after, currentChanges } = classified
    const series = columns.series[key.seriesIndex] ?? ''
    const judge = judges.get(series)
    if (judge === undefined || after.length === 0) return classified
    const alone = aloneFlags(judge, after)
    const current = currentOf(alone)
    const verdict = ofSeries[key.seriesIndex]?.get(key.atMs)
    for (const row of key.rows) {
      const number = classification.revisionNumbers[row]
      if (number === current.number) give(row, verdict)
      else
        give(
          row,
          alone.find((candidate) => candidate.number === number),
        )
    }
    if (!currentChanges) return { ...classified, after: alone }
    const old = before.length === 0 ? current : currentOf(before)
    const demoted = alone.find(({ number }) => number === old.number)
    if (demoted !== undefined && demoted.number !== current.number) {
      const { number, flag, tests: spoke } = demoted
      const seriesNumber = rows.numbers[key.seriesIndex] ?? -1
      const { atMs } = key
      superseded.push({
        series,
        seriesNumber,
        atMs,
        number,
        flag,
        tests: spoke,
        state: 'superseded',
      })
    }
    return { ...classified, after: alone, verdict }
  })
  return {
    rows: { ...rows, columns: { ...columns, flags, tests } },
    classification: { ...classification, keys },
    superseded,
  }
}

/** Of a key with several values each with what can be said of it alone; the same objects where that stands already. */
function aloneFlags(judge: SeriesJudge, after: ClassifiedKey['after']): ClassifiedKey['after'] {
  if (after.length === 1) return after
  const alone = judge.alone(Float64Array.from(after, ({ value }) => value))
  return after.map((candidate, index) => {
    const flag = alone.flags[index] ?? 0
    const tests = alone.tests[index] ?? 0
    const stands = candidate.flag === flag && candidate.tests === tests
    return stands ? candidate : { ...candidate, flag, tests }
  })
}

function adopt(
  changes: ReadonlyMap<SeriesId, Changes>,
  scenes: readonly Scene[],
  verdicts: Verdicts,
  { watch, tails, numberOf }: Omit<SceneParts, 'changes'>,
): void {
  const seen = new Map<SeriesId, Stretch>()
  const see = (series: SeriesId, stretch: Stretch): void => {
    if (stretch.toMs !== Infinity) return
    const known = seen.get(series)
    if (known === undefined || stretch.fromMs < known.fromMs) seen.set(series, stretch)
  }
  for (const { series, before, judge, neighbours } of scenes) {
    see(series, before)
    for (const [index, id] of judge.neighbours.entries()) {
      const neighbour = neighbours[index]
      if (neighbour !== undefined) see(id, neighbour.before)
    }
  }
  for (const series of new Set([...changes.keys(), ...seen.keys(), ...verdicts.keys()])) {
    const number = numberOf(series)
    if (number === undefined) continue
    const base = tails.remembered(number) ?? seen.get(series)
    if (base === undefined) continue
    const stretch = changed(base, changes.get(series) ?? NO_CHANGES)
    for (const [atMs, { flag, tests }] of verdicts.get(series) ?? []) {
      const row = lowerBound(stretch.atMs, atMs)
      if (stretch.atMs[row] !== atMs) continue
      stretch.flags[row] = flag
      stretch.tests[row] = tests
    }
    tails.remember(number, stretch, watch.horizonMs(series) ?? 0)
  }
}
