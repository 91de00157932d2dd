import type { DuckDBConnection } from '@duckdb/node-api'
import { withNumbers, type NumberedDay, type NumberRun } from '../../domain/sequence-gaps.js'
import { DAY_MS } from '../../domain/time.js'
import type { ProjectedEntry } from '../../ports/series-store.js'
import { restage } from './columns.js'
import { CHANGED_RUN, NUMBERED_DAY } from './schema.js'

/** A device's numbers of one UTC day. */
interface DeviceDay extends NumberedDay {
  readonly device: string
}

/** The numbers that devices give their messages, as far as they are stored. */
export interface NumberRuns {
  /** The days that a batch adds numbers to, as they will be. */
  changed(entries: readonly ProjectedEntry[]): Promise<readonly DeviceDay[]>
  /** Lays them out; to be written by `mergeNumberRuns`. */
  stage(days: readonly DeviceDay[]): Promise<void>
  /** They are committed. */
  adopt(days: readonly DeviceDay[]): void
}

/** Days remembered: the running one of every device that numbers its messages, and late ones. */
const DAYS_REMEMBERED = 20_000

export function openNumberRuns(writer: DuckDBConnection): NumberRuns {
  /** In the order of use, the longest unused first. */
  const remembered = new Map<string, readonly NumberRun[]>()

  return {
    async changed(entries) {
      const added = new Map<string, { device: string; dayMs: number; numbers: number[] }>()
      for (const { device, numbered } of entries) {
        if (numbered === undefined || numbered === null) continue
        const { dayMs, numbers } = numbered
        const key = dayKey(device, dayMs)
        const known = added.get(key)
        if (known === undefined) added.set(key, { device, dayMs, numbers: [...numbers] })
        else known.numbers.push(...numbers)
      }
      const missing = [...added].filter(([key]) => !remembered.has(key)).map(([, day]) => day)
      const stored = await storedRuns(writer, missing)
      return [...added].map(([key, { device, dayMs, numbers }]) => {
        const runs = remembered.get(key) ?? stored.get(key) ?? []
        return { device, dayMs, runs: withNumbers(runs, numbers) }
      })
    },
    async stage(days) {
      await stageDays(writer, days)
      const rows = days.flatMap((day) => day.runs.map((run) => ({ ...day, ...run })))
      await restage(writer, CHANGED_RUN, [
        rows.map(({ device }) => device),
        rows.map(({ dayMs }) => BigInt(dayMs)),
        rows.map(({ first }) => BigInt(first)),
        rows.map(({ last }) => BigInt(last)),
      ])
    },
    adopt(days) {
      for (const { device, dayMs, runs } of days) {
        const key = dayKey(device, dayMs)
        remembered.delete(key)
        remembered.set(key, runs)
      }
      for (const oldest of remembered.keys()) {
        if (remembered.size <= DAYS_REMEMBERED) break
        remembered.delete(oldest)
      }
    },
  }
}

export async function mergeNumberRuns(writer: DuckDBConnection): Promise<void> {
  await writer.run(
    `DELETE FROM number_run USING numbered_day
     WHERE number_run.device = numbered_day.device AND number_run.day_ms = numbered_day.day_ms`,
  )
  await writer.run('INSERT INTO number_run SELECT * FROM changed_run')
}

/** The numbered days of each device up to its newest, ascending. */
export async function numberedDays(
  connection: DuckDBConnection,
  lastDays: number,
): Promise<ReadonlyMap<string, readonly NumberedDay[]>> {
  const found = await connection.runAndReadAll(
    `SELECT device, day_ms, first, last FROM number_run
     QUALIFY day_ms > max(day_ms) OVER (PARTITION BY device) - $1
     ORDER BY device, day_ms, first`,
    [BigInt(lastDays * DAY_MS)],
  )
  const days = new Map<string, { dayMs: number; runs: NumberRun[] }[]>()
  for (const [device, day, first, last] of found.getRows()) {
    const ofDevice = days.get(String(device)) ?? []
    days.set(String(device), ofDevice)
    const dayMs = Number(day)
    let current = ofDevice.at(-1)
    if (current?.dayMs !== dayMs) {
      current = { dayMs, runs: [] }
      ofDevice.push(current)
    }
    current.runs.push({ first: Number(first), last: Number(last) })
  }
  return days
}

async function stageDays(
  writer: DuckDBConnection,
  days: readonly { readonly device: string; readonly dayMs: number }[],
): Promise<void> {
  await restage(writer, NUMBERED_DAY, [
    days.map(({ device }) => device),
    days.map(({ dayMs }) => BigInt(dayMs)),
  ])
}

/** By `dayKey`; days without a number are left out. */
async function storedRuns(
  writer: DuckDBConnection,
  days: readonly { readonly device: string; readonly dayMs: number }[],
): Promise<ReadonlyMap<string, readonly NumberRun[]>> {
  const runs = new Map<string, NumberRun[]>()
  if (days.length === 0) return runs
  await stageDays(writer, days)
  const found = await writer.runAndReadAll(
    `SELECT device, day_ms, first, last FROM number_run JOIN numbered_day USING (device, day_ms)
     ORDER BY device, day_ms, first`,
  )
  for (const [device, day, first, last] of found.getRows()) {
    const key = dayKey(String(device), Number(day))
    const known = runs.get(key) ?? []
    runs.set(key, known)
    known.push({ first: Number(first), last: Number(last) })
  }
  return runs
}

function dayKey(device: string, dayMs: number): string {
  return `${dayMs}/${device}`
}
