import type { SeriesId } from '../../domain/observation.js'
import type { SeriesJudge, SeriesJudges } from '../../domain/qc/series-judge.js'
import {
  firstSpan,
  neighbourhood,
  spotsOf,
  type Neighbourhood,
  type Spot,
} from './neighbourhood.js'
import { changed, NO_CHANGES, NOTHING, type Changes, type Stretch } from './stretch.js'
import type { SeriesWindow } from '../../ports/series-store.js'
import type { Tails } from './tails.js'
import type { Watch } from './watch.js'

/** A spot of a judged series with all that decides its flags. */
export interface Scene extends Neighbourhood {
  readonly series: SeriesId
  readonly judge: SeriesJudge
  /** As it is stored, and as it will be. */
  readonly before: Stretch
  readonly after: Stretch
  /** One per neighbour of the judge. */
  readonly neighbours: readonly { readonly before: Stretch; readonly after: Stretch }[]
}

export interface SceneParts {
  readonly judges: SeriesJudges
  readonly watch: Watch
  readonly changes: ReadonlyMap<SeriesId, Changes>
  /** Keys that were to change and do not: what stands beside them may have to be set right. */
  readonly refused: ReadonlyMap<SeriesId, readonly number[]>
  /** Looked at again, whatever changes there. */
  readonly touched: readonly SeriesWindow[]
  readonly tails: Tails
  /** Also of a series that comes with the batch; undefined for one without a row. */
  readonly numberOf: (series: SeriesId) => number | undefined
}

/** Every place where a flag may change, with what decides it; few queries, none for rows in order. */
export async function scenesOf(parts: SceneParts): Promise<readonly Scene[]> {
  const { changes, tails } = parts
  const found: Omit<Scene, 'neighbours'>[] = []
  let open: readonly Attempt[] = firstAttempts(parts)
  while (open.length > 0) {
    const read = await tails.load(
      open.flatMap(({ number, span, stretch }) =>
        stretch === undefined ? [{ series: number, ...span }] : [],
      ),
    )
    const wider: Attempt[] = []
    let next = 0
    for (const attempt of open) {
      const { series, judge, spot } = attempt
      const before = attempt.stretch ?? read[next++] ?? NOTHING
      const after = changed(before, changes.get(series) ?? NO_CHANGES)
      const around = neighbourhood(after, spot, judge.context)
      if ('fromMs' in around) wider.push({ ...attempt, span: around, stretch: undefined })
      else if (around.affected.from < around.affected.to)
        found.push({ series, judge, before, after, ...around })
    }
    open = wider
  }
  return await withNeighbours(found, parts)
}

interface Attempt {
  readonly series: SeriesId
  readonly number: number
  readonly judge: SeriesJudge
  readonly spot: Spot
  readonly span: { readonly fromMs: number; readonly toMs: number }
  /** What is remembered and reaches the spot; undefined: to be read. */
  readonly stretch: Stretch | undefined
}

function firstAttempts(parts: SceneParts): Attempt[] {
  const { judges, watch, changes, refused, touched, tails, numberOf } = parts
  const changedAt = (series: SeriesId): readonly number[] => [
    ...(changes.get(series)?.atMs ?? []),
    ...(refused.get(series) ?? []),
  ]
  const attempts: Attempt[] = []
  const look = (series: SeriesId, spots: (judge: SeriesJudge) => readonly Spot[]): void => {
    const judge = judges.get(series)
    const number = numberOf(series)
    if (judge === undefined || number === undefined) return
    const remembered = tails.remembered(number)
    for (const spot of spots(judge)) {
      const reaches = remembered !== undefined && remembered.fromMs <= spot.firstMs
      const stretch = reaches ? remembered : undefined
      const span = firstSpan(spot, judge.context)
      attempts.push({ series, number, judge, spot, span, stretch })
    }
  }
  for (const series of watch.affectedBy([...changes.keys(), ...refused.keys()])) {
    look(series, ({ neighbours, context }) => {
      const own = changedAt(series).toSorted((a, b) => a - b)
      const foreign = neighbours.flatMap(changedAt).toSorted((a, b) => a - b)
      return spotsOf(own, foreign, context)
    })
  }
  for (const { series, fromMs: firstMs, toMs: lastMs } of touched) {
    for (const watcher of watch.affectedBy([series])) {
      const own = watcher === series ? { firstMs, lastMs } : null
      look(watcher, () => [{ firstMs, lastMs, own }])
    }
  }
  return attempts
}

async function withNeighbours(
  scenes: readonly Omit<Scene, 'neighbours'>[],
  { changes, tails, numberOf }: SceneParts,
): Promise<readonly Scene[]> {
  const spans = scenes.flatMap(({ judge: { context, neighbours }, after: { atMs }, affected }) => {
    const fromMs = (atMs[affected.from] ?? 0) - context.msBefore
    const toMs = (atMs[affected.to - 1] ?? 0) + context.msAfter
    return neighbours.map((id) => ({ series: numberOf(id) ?? -1, fromMs, toMs }))
  })
  const read = await tails.load(spans)
  let next = 0
  return scenes.map((scene) => ({
    ...scene,
    neighbours: scene.judge.neighbours.map((id) => {
      const before = read[next++] ?? NOTHING
      return { before, after: changed(before, changes.get(id) ?? NO_CHANGES) }
    }),
  }))
}
