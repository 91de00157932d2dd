import type { DuckDBConnection } from '@duckdb/node-api'
import { hourStartMs } from '../../domain/time.js'
import type { DeviceState } from '../../ports/ledger.js'
import type { ProjectedEntry } from '../../ports/series-store.js'
import { restage } from './columns.js'
import { CHANGED_DEVICE, columnNames, DEVICE } from './schema.js'

/** A device's state with what is needed to carry it on. */
export interface DeviceRow extends DeviceState {
  /** UTC hour of arrival that `clockOffsetMs` is the smallest of. */
  readonly offsetHourMs: number | null
  /** Entry that said `state`; the later entry's word counts, whatever the arrival times say. */
  readonly stateSeq: number
}

/** The state after one more entry; `before` is undefined for the first. */
function deviceAfter(before: DeviceRow | undefined, entry: ProjectedEntry): DeviceRow {
  const { device, arrivalMs, keptAtMs, seq } = entry
  const says = entry.state !== null && seq > (before?.stateSeq ?? 0)
  return {
    device,
    lastArrivalMs: Math.max(before?.lastArrivalMs ?? -Infinity, arrivalMs),
    lastAtMs:
      keptAtMs === null
        ? (before?.lastAtMs ?? null)
        : Math.max(before?.lastAtMs ?? -Infinity, keptAtMs),
    ...clockOffset(before, entry),
    state: says ? entry.state : (before?.state ?? null),
    stateSeq: says ? seq : (before?.stateSeq ?? 0),
    messages: (before?.messages ?? 0) + 1,
  }
}

function clockOffset(
  before: DeviceRow | undefined,
  { arrivalMs, newestAtMs }: ProjectedEntry,
): Pick<DeviceRow, 'clockOffsetMs' | 'offsetHourMs'> {
  const clockOffsetMs = before?.clockOffsetMs ?? null
  const offsetHourMs = before?.offsetHourMs ?? null
  if (newestAtMs === null) return { clockOffsetMs, offsetHourMs }
  const offsetMs = arrivalMs - newestAtMs
  const hourMs = hourStartMs(arrivalMs)
  if (offsetHourMs === null || clockOffsetMs === null || hourMs > offsetHourMs) {
    return { clockOffsetMs: offsetMs, offsetHourMs: hourMs }
  }
  if (hourMs < offsetHourMs) return { clockOffsetMs, offsetHourMs }
  return { clockOffsetMs: Math.min(clockOffsetMs, offsetMs), offsetHourMs }
}

/** The devices a batch speaks of, after it. */
export function changedDevices(
  devices: ReadonlyMap<string, DeviceRow>,
  entries: readonly ProjectedEntry[],
): ReadonlyMap<string, DeviceRow> {
  const changed = new Map<string, DeviceRow>()
  for (const entry of entries) {
    if (entry.outcome === 'none' || entry.sender === 'person') continue
    if (entry.sender === 'broker' && entry.state === null) continue
    const before = changed.get(entry.device) ?? devices.get(entry.device)
    changed.set(entry.device, deviceAfter(before, entry))
  }
  return changed
}

export async function stageDevices(
  writer: DuckDBConnection,
  rows: readonly DeviceRow[],
): Promise<void> {
  await restage(writer, CHANGED_DEVICE, [
    rows.map(({ device }) => device),
    rows.map(({ lastArrivalMs }) => BigInt(lastArrivalMs)),
    rows.map(({ lastAtMs }) => whole(lastAtMs)),
    rows.map(({ offsetHourMs }) => whole(offsetHourMs)),
    rows.map(({ clockOffsetMs }) => whole(clockOffsetMs)),
    rows.map(({ state }) => state),
    rows.map(({ stateSeq }) => BigInt(stateSeq)),
    rows.map(({ messages }) => BigInt(messages)),
  ])
}

function whole(value: number | null): bigint | null {
  return value === null ? null : BigInt(value)
}

export async function mergeDevices(writer: DuckDBConnection): Promise<void> {
  const columns = columnNames(DEVICE)
  await writer.run(
    `MERGE INTO device USING changed_device AS changed ON device.device = changed.device
     WHEN MATCHED THEN UPDATE SET ${columns.map((name) => `${name} = changed.${name}`).join(', ')}
     WHEN NOT MATCHED THEN INSERT VALUES (${columns.map((name) => `changed.${name}`).join(', ')})`,
  )
}

export async function loadDevices(connection: DuckDBConnection): Promise<Map<string, DeviceRow>> {
  const found = await connection.runAndReadAll(
    `SELECT ${columnNames(DEVICE).join(', ')} FROM device`,
  )
  const number = (value: unknown): number | null => (value === null ? null : Number(value))
  return new Map(
    found.getRows().map(([device, arrival, at, hour, offset, state, stateSeq, messages]) => [
      String(device),
      {
        device: String(device),
        lastArrivalMs: Number(arrival),
        lastAtMs: number(at),
        offsetHourMs: number(hour),
        clockOffsetMs: number(offset),
        state: state === null ? null : (String(state) as 'online' | 'offline'),
        stateSeq: Number(stateSeq),
        messages: Number(messages),
      },
    ]),
  )
}

/** Ascending by device; what only this module needs is left out. */
export function deviceStates(devices: ReadonlyMap<string, DeviceRow>): readonly DeviceState[] {
  return [...devices.values()]
    .map(({ device, lastArrivalMs, lastAtMs, clockOffsetMs, state, messages }) => ({
      device,
      lastArrivalMs,
      lastAtMs,
      clockOffsetMs,
      state,
      messages,
    }))
    .sort((a, b) => (a.device < b.device ? -1 : 1))
}
