import { constants } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { finishWithdrawal, openDuckdb, openWithdrawal } from '../adapters/duckdb/index.js'
import type { RefusalCode } from '../domain/fault.js'
import type { Window } from '../domain/time.js'
import {
  affectedDays,
  chosenEntries,
  openPartProjection,
  openRegistry,
  projectAgain,
  surveyJournal,
  widen,
  type AffectedDays,
  type Extents,
  type ProjectedAgain,
} from '../ingest/index.js'
import type { Journal } from '../ports/journal.js'
import type { DataFolder } from './data-folder.js'
import { isThere } from './disk.js'
import { CommandError, EXIT } from './exit.js'
import { projectionSettings } from './projection-settings.js'
import type { RebuildOptions } from './rebuild-options.js'

export interface RebuiltPart extends Window {
  /** Which devices were asked for; null: all. */
  readonly devices: readonly string[] | null
}

export interface WindowResult extends ProjectedAgain {
  /** Devices whose entries were projected again. */
  readonly devices: number
  /** UTC days of arrival, of all these devices together. */
  readonly days: number
  /** Entries of the whole journal. */
  readonly of: number
  readonly registrySha256: string
  /** Of the whole store. */
  readonly refusalsBefore: ReadonlyMap<RefusalCode, number>
  readonly refusalsAfter: ReadonlyMap<RefusalCode, number>
}

/**
 * Projects anew what a window of observations rests on, in a copy of the store, which `folder.rebuilding`
 * names and the caller puts in place. Everything else stays as it was projected before.
 *
 * The journal is decoded once to find the entries; then the days of arrival that speak of the window
 * are taken back whole, per device, and projected with the registry and the decoders of now.
 */
export async function projectWindow(
  { config, clock, onProgress }: RebuildOptions,
  folder: DataFolder,
  journal: Journal,
  part: RebuiltPart,
): Promise<WindowResult> {
  const before = await standing(folder.database, journal)
  const settings = projectionSettings(config)
  const version = (
    await openRegistry(
      { journal, clock, read: settings.readRegistry, sha256: settings.registrySha256 },
      null,
    )
  ).current()
  const projection = await openPartProjection(journal, version, settings)
  const of = journal.head()
  const survey = await surveyJournal(journal, projection, (done) => onProgress(done, 2 * of))

  await copyFile(folder.database, folder.rebuilding, constants.COPYFILE_FICLONE)
  const deviceOf = new Map([...version.index.sensors].map(([id, { device }]) => [id, device.id]))
  const withdrawal = await openWithdrawal(folder.rebuilding)
  let affected: ReadonlyMap<string, AffectedDays>
  try {
    for (const { series, dayMs, ...extent } of await withdrawal.extents(survey.runs)) {
      const device = deviceOf.get(series)
      if (device !== undefined) widen(survey.extents, device, dayMs, series, extent)
    }
    affected = affectedDays(ofDevices(survey.extents, part.devices), part)
    await withdrawal.withdraw(
      sequences(chosenEntries(journal, survey.runs, affected, before.position)),
      [...affected].flatMap(([device, { days }]) => [...days].map((dayMs) => ({ device, dayMs }))),
      deviceOf,
    )
  } finally {
    await withdrawal.close()
  }

  const { store, ledger } = await openDuckdb({ file: folder.rebuilding, values: 'here' })
  let again: ProjectedAgain
  try {
    const chosen = chosenEntries(journal, survey.runs, affected, before.position)
    again = await projectAgain(store, ledger, projection, chosen, affected, (done) =>
      onProgress(of + done, 2 * of),
    )
  } finally {
    await store.close()
  }
  await finishWithdrawal(folder.rebuilding)
  const after = await standing(folder.rebuilding, journal)
  onProgress(2 * of, 2 * of)
  return {
    ...again,
    devices: affected.size,
    days: [...affected.values()].reduce((sum, { days }) => sum + days.size, 0),
    of,
    registrySha256: version.sha256,
    refusalsBefore: before.refusals,
    refusalsAfter: after.refusals,
  }
}

/** Also closes the store in good order, should a kill have left it with a write-ahead log. */
async function standing(
  file: string,
  journal: Journal,
): Promise<{ position: number; refusals: ReadonlyMap<RefusalCode, number> }> {
  if (!(await isThere(file))) {
    throw new CommandError(EXIT.badInput, `${file} is not there: rebuild the whole`)
  }
  const { store, ledger } = await openDuckdb({ file, values: 'here' })
  try {
    const position = await ledger.position()
    const followed = await ledger.follow(journal.id)
    if (followed !== journal.id || position > journal.head()) {
      throw new CommandError(
        EXIT.badInput,
        `${file} does not follow this journal, so no part of it can be made again: rebuild the whole, without --from, --to and --device`,
      )
    }
    return { position, refusals: await ledger.refusalCounts() }
  } finally {
    await store.close()
  }
}

function ofDevices(extents: Extents, devices: readonly string[] | null): Extents {
  if (devices === null) return extents
  return new Map(
    devices.flatMap((device) => {
      const days = extents.get(device)
      return days === undefined ? [] : [[device, days]]
    }),
  )
}

async function* sequences(
  batches: AsyncIterable<readonly { readonly seq: number }[]>,
): AsyncGenerator<readonly number[]> {
  for await (const entries of batches) yield entries.map(({ seq }) => seq)
}
