import type { SeriesId } from '../../domain/observation.js'
import type { SeriesJudges } from '../../domain/qc/series-judge.js'
import type { Ledger, RowRefusal, StagedBatch } from '../../ports/ledger.js'
import type { ProjectionBatch } from '../../ports/series-store.js'
import { appendAssessments, storedAssessments, storedDocument } from './assessments.js'
import { bookAdditions, books, mergeBooks, stageBooks } from './books.js'
import { currentOf } from './candidate.js'
import type { Classification, NumberedRows } from './classify.js'
import { classify, sortOut, withoutRefused } from './classify.js'
import { appendColumns } from './columns.js'
import type { Database } from './database.js'
import {
  changedDevices,
  deviceStates,
  loadDevices,
  mergeDevices,
  stageDevices,
} from './device-states.js'
import { judged, type Judgement } from './judging.js'
import { appendLabResults, storedLabResults } from './laboratory.js'
import { appendMarks, storedMarks } from './marks.js'
import { mergeNumberRuns, numberedDays, openNumberRuns } from './number-runs.js'
import { oneAtATime } from './one-at-a-time.js'
import {
  appendRefusals,
  nextRefusalId,
  refusalById,
  refusalCounts,
  refusalPage,
  storeRefusals,
} from './refusals.js'
import { SERIES, type ValuesKept } from './schema.js'
import type { NumberedSeries, SeriesTable } from './series-table.js'
import { storedValues } from './stored-keys.js'
import { openTails } from './tails.js'
import { watchOver } from './watch.js'
import { stageValues, valueChanges, writeValues } from './write-values.js'

/** The writing half: batches in, one after another, each whole or not at all. */
export interface BatchWriter {
  readonly ledger: Ledger
  /** Waits for the batch before to end. Rejects when the batch is at or before the position. */
  stage(batch: ProjectionBatch): Promise<StagedBatch>
  /** Lets the running batch end; later ones are rejected. */
  finish(): Promise<void>
}

/** @param series loaded from the same file; told of every committed batch */
export async function openBatchWriter(
  database: Database,
  series: SeriesTable,
  values: ValuesKept,
): Promise<BatchWriter> {
  const { writer } = database
  const devices = await loadDevices(writer)
  const queue = oneAtATime()
  const tails = openTails(writer, series, values)
  const numberRuns = openNumberRuns(writer)
  let watched = { judges: NO_JUDGES, watch: watchOver(NO_JUDGES) }
  const standing = {
    position: await storedPosition(database),
    refusalId: await nextRefusalId(writer),
    finished: false,
  }

  async function classified(batch: ProjectionBatch): Promise<Classified> {
    const first = batch.entries[0]
    if (first !== undefined && first.seq <= standing.position) {
      throw new RangeError(
        `the batch begins at entry ${first.seq}, but the store stands at ${standing.position}: it has been applied already`,
      )
    }
    const { observations, judges = NO_JUDGES } = batch
    const numbered = series.numbered(observations.series)
    const rows: NumberedRows = {
      columns: observations,
      numbers: numbered.numbers,
      newestAtMs: Float64Array.from(numbered.numbers, (number) => series.newestAtMs(number)),
      isJudged: observations.series.map((id) => judges.has(id)),
      entries: batch.entries,
    }
    const sorted = sortOut(rows)
    const stored = await storedValues(writer, sorted.doubtful, numbered.numbers)
    return { batch, numbered, rows, classification: classify(rows, sorted, stored) }
  }

  /** What is left once the refused rows are out, with its flags. */
  async function judgedWithout(
    classified: Classified,
    refusals: readonly RowRefusal[],
  ): Promise<Judged> {
    const { batch, numbered, rows } = classified
    const remainder = withoutRefused(rows, classified.classification, refusals)
    const { judges = NO_JUDGES } = batch
    const touched = [...(batch.marks ?? []), ...(batch.touched ?? [])]
    if (watched.judges !== judges) watched = { judges, watch: watchOver(judges) }
    const fresh = new Map(numbered.fresh.map(({ number, series: id }) => [id, number]))
    const numberOf = (id: SeriesId): number | undefined => series.number(id) ?? fresh.get(id)
    const refused = keysOf(rows, remainder.refused)
    const parts = { judges, watch: watched.watch, refused, touched, tails, numberOf }
    const judgement = await judged(rows, remainder.classification, parts)
    return { batch, numbered, refused: remainder.refused, judgement }
  }

  async function write({ batch, numbered, refused, judgement }: Judged): Promise<Uint8Array> {
    const { rows, classification, reflags } = judgement
    const changes = valueChanges(rows, classification, reflags)
    const additions = bookAdditions(batch, classification.outcomes)
    const changed = changedDevices(devices, batch.entries)
    const items = [...batch.refusals, ...storeRefusals(batch, refused)]
    const position = batch.entries.at(-1)?.seq ?? standing.position

    await stageValues(writer, changes)
    await stageBooks(writer, additions)
    await stageDevices(writer, [...changed.values()])
    const runs = await numberRuns.changed(batch.entries)
    if (runs.length > 0) await numberRuns.stage(runs)
    await writer.run('BEGIN')
    try {
      await appendColumns(writer, SERIES, [
        numbered.fresh.map(({ number }) => number),
        numbered.fresh.map((fresh) => fresh.series),
      ])
      await writeValues(writer, changes)
      await appendRefusals(writer, items, standing.refusalId)
      if (additions.length > 0) await mergeBooks(writer)
      if (changed.size > 0) await mergeDevices(writer)
      if (runs.length > 0) await mergeNumberRuns(writer)
      await appendMarks(writer, batch.marks ?? [])
      await appendLabResults(writer, batch.laboratory ?? [])
      await appendAssessments(writer, batch.assessments ?? [])
      await writer.run('UPDATE store SET "position" = $1', [position])
      await writer.run('COMMIT')
    } catch (error) {
      await rollBack(database, error)
    }

    standing.position = position
    standing.refusalId += items.length
    series.adopt(numbered.fresh)
    note(series, rows, classification)
    for (const { seriesNumber, atMs, flag, state } of reflags) {
      if (state === 'current') series.reflag(seriesNumber, atMs, flag)
    }
    judgement.adopt()
    numberRuns.adopt(runs)
    for (const [device, state] of changed) devices.set(device, state)
    return classification.outcomes
  }

  return {
    async stage(batch) {
      const leave = await queue.enter()
      try {
        if (standing.finished) throw new Error('the store is closed')
        const found = await classified(batch)
        const state = { ended: false }
        const end = (): void => {
          if (state.ended) throw new Error('the staged batch has ended already')
          state.ended = true
        }
        const staged = async (refusals: readonly RowRefusal[]): Promise<StagedBatch> => {
          const ready = await judgedWithout(found, refusals)
          const { rows, classification, reflags } = ready.judgement
          const { outcomes, revisionNumbers, written } = classification
          return {
            outcomes,
            revisionNumbers,
            written: withoutRows(written, ready.refused),
            flags: rows.columns.flags,
            tests: rows.columns.tests,
            reflagged: reflags,
            without: async (refused) => {
              // Flags beside the refused rows are written and were wrong.
              tails.forgetAll()
              return await staged([...refusals, ...refused])
            },
            commit: async () => {
              end()
              try {
                return await write(ready)
              } finally {
                leave()
              }
            },
            rollback: async () => {
              end()
              // What was written elsewhere may stay there: nothing remembered is sure any more.
              tails.forgetAll()
              leave()
            },
          }
        }
        return await staged([])
      } catch (error) {
        leave()
        throw error
      }
    },
    async finish() {
      const leave = await queue.enter()
      standing.finished = true
      leave()
    },
    ledger: {
      async follow(journalId) {
        const leave = await queue.enter()
        try {
          return await followed(database, journalId)
        } finally {
          leave()
        }
      },
      position: () => Promise.resolve(standing.position),
      books: async (window, device) =>
        await database.read((connection) => books(connection, window, device)),
      refusals: async (query) =>
        await database.read((connection) => refusalPage(connection, query)),
      refusal: async (id) => await database.read((connection) => refusalById(connection, id)),
      refusalCounts: async () => await database.read(refusalCounts),
      devices: () => Promise.resolve(deviceStates(devices)),
      marks: async () => await database.read(storedMarks),
      labResults: async (window) =>
        await database.read((connection) => storedLabResults(connection, window)),
      assessments: async () => await database.read(storedAssessments),
      assessmentDocument: async (id) =>
        await database.read((connection) => storedDocument(connection, id)),
      numbered: async (lastDays) =>
        await database.read((connection) => numberedDays(connection, lastDays)),
    },
  }
}

const NO_JUDGES: SeriesJudges = new Map()

interface Classified {
  readonly batch: ProjectionBatch
  readonly numbered: NumberedSeries
  readonly rows: NumberedRows
  readonly classification: Classification
}

interface Judged {
  readonly batch: ProjectionBatch
  readonly numbered: NumberedSeries
  /** Reason by row. */
  readonly refused: ReadonlyMap<number, string>
  readonly judgement: Judgement
}

/** The times of rows, by series. */
function keysOf(
  { columns }: NumberedRows,
  rows: ReadonlyMap<number, string>,
): ReadonlyMap<SeriesId, readonly number[]> {
  const keys = new Map<SeriesId, number[]>()
  for (const row of rows.keys()) {
    const series = columns.series[columns.seriesIndex[row] ?? 0] ?? ''
    const known = keys.get(series)
    if (known === undefined) keys.set(series, [columns.atMs[row] ?? 0])
    else known.push(columns.atMs[row] ?? 0)
  }
  return keys
}

function withoutRows(written: Uint8Array, refused: ReadonlyMap<number, string>): Uint8Array {
  if (refused.size === 0) return written
  const rest = written.slice()
  for (const row of refused.keys()) rest[row] = 0
  return rest
}

/** Tells the series table what is current now at the keys of a committed batch. */
function note(series: SeriesTable, rows: NumberedRows, classification: Classification): void {
  const { seriesIndex, atMs, values, flags, origins } = rows.columns
  for (const row of classification.plain) {
    series.observe(rows.numbers[seriesIndex[row] ?? 0] ?? 0, atMs[row] ?? 0, {
      value: (values[row] ?? Number.NaN) + 0,
      flag: flags[row] ?? 0,
      origin: origins[row] ?? 0,
    })
  }
  for (const { key, after, currentChanges, verdict } of classification.keys) {
    if (!currentChanges) continue
    const current = { ...currentOf(after), ...verdict }
    series.observe(rows.numbers[key.seriesIndex] ?? 0, key.atMs, current)
  }
}

async function followed({ writer }: Database, journalId: string): Promise<string> {
  await writer.run('UPDATE store SET journal_id = $1 WHERE journal_id IS NULL', [journalId])
  const found = await writer.runAndReadAll('SELECT journal_id FROM store')
  return String(found.value(0, 0))
}

async function storedPosition(database: Database): Promise<number> {
  const found = await database.writer.runAndReadAll('SELECT "position" FROM store')
  return Number(found.value(0, 0))
}

/** Undoes the transaction and throws on why; when even that fails, both. */
async function rollBack(database: Database, cause: unknown): Promise<never> {
  const undone = await database.writer.run('ROLLBACK').catch((error: unknown) => ({ error }))
  if ('error' in undone) {
    throw new AggregateError([cause, undone.error], 'the batch could be neither written nor undone')
  }
  throw cause
}
