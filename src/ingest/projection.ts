import type { RegistryIndex } from '../domain/city/registry-index.js'
import type { Registry } from '../domain/city/registry.js'
import type { Refusal } from '../domain/fault.js'
import { FLAG, ORIGIN, type Origin } from '../domain/flag.js'
import type { ImportedLabResult } from '../domain/laboratory/lab-result.js'
import type { Mark } from '../domain/qc/mark.js'
import { dayStartMs } from '../domain/time.js'
import type { DecodedPack, DecodedRecord } from '../ports/device-model.js'
import type { JournalEntry } from '../ports/journal.js'
import type {
  KeptDocument,
  ProjectedEntry,
  ProjectionBatch,
  RefusedItem,
} from '../ports/series-store.js'
import { keptDocumentOf } from './assessment-entry.js'
import { checked } from './check.js'
import type { ClocklessCopies } from './clockless-copies.js'
import { decode, decodeState, isRefusal, type ModelLookup } from './decode.js'
import type { DeviceTable, TabledDevice } from './device-table.js'
import { identify } from './identify.js'
import { importedPack } from './import-entry.js'
import { correctedPack, markOf } from './judgement-entry.js'
import { labResultsOf } from './laboratory-entry.js'
import { ObservationBuilder } from './observation-builder.js'
import { timeRefusal } from './time-check.js'

export interface ProjectionRules {
  readonly registry: Registry
  readonly table: DeviceTable
  /** By series. */
  readonly sensors: RegistryIndex['sensors']
  readonly models: ModelLookup
  /** Has noted every entry to be projected. */
  readonly copies: ClocklessCopies
  /** How far a device's stamp may stand after the arrival before it counts as future, ms. */
  readonly futureToleranceMs: number
}

/**
 * What journal entries bring about: observations, refusals and how each entry ended.
 *
 * A pure function of the entries and the rules: no clock, no order between entries, so entries
 * projected again, in another order or batch, bring the same. A bad entry becomes a refusal with
 * its bytes and never hinders the next.
 *
 * @param entries ascending by sequence
 * @param maxRows stops after the entry that reaches so many rows; one entry is never split
 * @returns the batch, and how many entries it covers (at least one)
 */
export function project(
  entries: readonly JournalEntry[],
  rules: ProjectionRules,
  maxRows: number,
): {
  readonly batch: ProjectionBatch &
    Required<Pick<ProjectionBatch, 'marks' | 'laboratory' | 'assessments'>>
  readonly taken: number
} {
  const observations = new ObservationBuilder()
  const projected: ProjectedEntry[] = []
  const refusals: RefusedItem[] = []
  const marks: Mark[] = []
  const laboratory: ImportedLabResult[] = []
  const assessments: KeptDocument[] = []
  for (const entry of entries) {
    if (projected.length > 0 && observations.length >= maxRows) break
    if (entry.kind === 'mark') marks.push(markOf(entry))
    if (entry.kind === 'laboratory') laboratory.push(...labResultsOf(entry))
    if (entry.kind === 'assessment') assessments.push(keptDocumentOf(entry))
    projected.push(projectEntry(entry, projected.length, rules, observations, refusals))
  }
  return {
    batch: {
      entries: projected,
      observations: checked(observations.columns(), rules.sensors),
      refusals,
      marks,
      laboratory,
      assessments,
    },
    taken: projected.length,
  }
}

function projectEntry(
  entry: JournalEntry,
  entryIndex: number,
  rules: ProjectionRules,
  observations: ObservationBuilder,
  refusals: RefusedItem[],
): ProjectedEntry {
  function refusedWhole(refusal: Refusal): ProjectedEntry {
    refusals.push(refusedItem(entry, null, refusal))
    return ended(entry, 'refused', 0, NO_TIMES, null)
  }

  switch (entry.kind) {
    case 'registry':
    case 'laboratory':
    case 'mark':
    case 'assessment':
      return ended(entry, 'none', 0, NO_TIMES, null)
    case 'message':
    case 'import':
    case 'correction':
      break
  }

  const device = rules.table.get(entry.device)
  if (device === undefined) {
    return refusedWhole({
      code: 'device_unknown',
      reason: `device ${entry.device} is not in the registry`,
    })
  }
  let pack: DecodedPack | Refusal
  if (entry.kind === 'import') {
    pack = importedPack(entry.payload)
  } else if (entry.kind === 'correction') {
    pack = correctedPack(entry, device)
  } else {
    const role = device.roles.get(entry.topic)
    if (role === 'state') {
      const state = decodeState(entry.payload)
      if (typeof state !== 'string') return refusedWhole(state)
      return ended(entry, 'projected', 0, NO_TIMES, state)
    }
    if (role !== 'up') {
      return refusedWhole({
        code: 'topic_unknown',
        reason: `topic ${entry.topic} is not one that ${entry.device} sends data on`,
      })
    }
    const basisMs = rules.copies.arrivalMs(entry, rules.table)
    pack = decode(entry, device.device, rules.models, basisMs)
  }
  if (isRefusal(pack)) return refusedWhole(pack)
  if (entry.retain && pack.timeBase === 'arrival') {
    return refusedWhole({
      code: 'time_unknown',
      reason: `the broker had kept this message of ${entry.device}, which gives no time of its own, and delivered it again: let the device publish without RETAIN`,
    })
  }

  for (const record of pack.refused) refusals.push(refusedItem(entry, record.index, record))
  const kept = keepRecords(pack, entry, entryIndex, device, rules, observations, refusals)
  const decoded = pack.records.length + pack.refused.length
  const outcome = kept.rows === 0 && decoded > 0 ? 'refused' : 'projected'
  const isMeasured = pack.timeBase === 'device' && entry.serverClock === undefined && !entry.retain
  const times = isMeasured ? kept : { ...kept, newestAtMs: null }
  const end = ended(entry, outcome, decoded, times, null)
  if (pack.numbers === undefined) return end
  const dayMs = dayStartMs(kept.keptAtMs ?? entry.arrivalMs)
  return { ...end, numbered: { numbers: pack.numbers, dayMs } }
}

/** The newest times of an entry: as the device gave them, and of what was kept. */
type EntryTimes = Pick<ProjectedEntry, 'newestAtMs' | 'keptAtMs'>

const NO_TIMES: EntryTimes = { newestAtMs: null, keptAtMs: null }

/** One shape for every entry, written out: this runs once per message. */
function ended(
  { seq, kind, device, arrivalMs, topic, payload, retain }: JournalEntry,
  outcome: ProjectedEntry['outcome'],
  decoded: number,
  { newestAtMs, keptAtMs }: EntryTimes,
  state: ProjectedEntry['state'],
): ProjectedEntry {
  const sender = kind !== 'message' ? 'person' : retain ? 'broker' : 'device'
  return {
    seq,
    device,
    arrivalMs,
    topic,
    payload,
    sender,
    outcome,
    decoded,
    newestAtMs,
    keptAtMs,
    state,
  }
}

/** @param index of the observation within the message; null: the whole message */
function refusedItem(
  { seq, device, arrivalMs, topic, payload }: JournalEntry,
  index: number | null,
  { code, reason }: Refusal,
): RefusedItem {
  return { seq, index, device, topic, arrivalMs, code, reason, payload }
}

function keepRecords(
  pack: DecodedPack,
  entry: JournalEntry,
  entryIndex: number,
  device: TabledDevice,
  rules: ProjectionRules,
  observations: ObservationBuilder,
  refusals: RefusedItem[],
): EntryTimes & { readonly rows: number } {
  const origin = originOf(entry, pack)
  const isCorrection = entry.kind === 'correction'
  const isTimeJudged = entry.serverClock === undefined
  const rank = trustedRank(
    pack,
    isTimeJudged ? entry.arrivalMs + rules.futureToleranceMs : Infinity,
  )
  let rows = 0
  let newestAtMs: number | null = null
  let keptAtMs: number | null = null
  for (const [index, record] of pack.records.entries()) {
    const malformed = malformedRecord(record)
    if (malformed !== null) {
      refusals.push(refusedItem(entry, index, malformed))
      continue
    }
    newestAtMs = Math.max(newestAtMs ?? -Infinity, record.atMs)
    const identified = identify(device, record, isCorrection ? 'true value' : 'reading')
    if ('code' in identified) {
      refusals.push(refusedItem(entry, index, identified))
      continue
    }
    const { atMs, spanMs, value, tabled } = identified
    const { field } = tabled.sensor
    const wrongTime = isTimeJudged
      ? timeRefusal(device, field, atMs, entry.arrivalMs, rules.futureToleranceMs)
      : null
    if (wrongTime !== null) {
      refusals.push(refusedItem(entry, index, wrongTime))
      continue
    }
    const flag = Number.isNaN(value) ? FLAG.missing : FLAG.notEvaluated
    const series = tabled.sensor.id
    observations.push({ series, atMs, spanMs, value, origin, rank, entryIndex }, flag, 0)
    keptAtMs = Math.max(keptAtMs ?? -Infinity, atMs)
    rows++
  }
  return { rows, newestAtMs, keptAtMs }
}

/**
 * The pack's rank, unless it is a message stamp that a wrong clock set ahead: one record of the year
 * 2059 must not put its pack above every later correction. Then the newest time that can be counts.
 *
 * @param latestMs latest time that is taken as real, UTC epoch ms
 */
function trustedRank({ rank, records }: DecodedPack, latestMs: number): number {
  if (rank === null) return -Infinity
  if (rank <= latestMs) return rank
  let newestMs = -Infinity
  let newestRealMs = -Infinity
  for (const { atMs } of records) {
    newestMs = Math.max(newestMs, atMs)
    if (atMs <= latestMs) newestRealMs = Math.max(newestRealMs, atMs)
  }
  return rank === newestMs ? newestRealMs : rank
}

/** Numbers that no store could keep; a device model that gives them has a fault of its own. */
function malformedRecord({ name, atMs, fromMs, value }: DecodedRecord): Refusal | null {
  if (!Number.isSafeInteger(atMs) || (fromMs !== null && !(fromMs <= atMs))) {
    return { code: 'record_invalid', reason: `"${name}" has no usable time: ${fromMs} to ${atMs}` }
  }
  if (value !== null && !Number.isFinite(value)) {
    return { code: 'value_not_finite', reason: `"${name}" is ${value}, not a finite number` }
  }
  return null
}

function originOf(entry: JournalEntry, pack: DecodedPack): Origin {
  if (entry.kind === 'import') return ORIGIN.imported
  if (entry.kind === 'correction') return ORIGIN.corrected
  return pack.timeBase === 'arrival' ? ORIGIN.arrivalStamped : ORIGIN.measured
}
