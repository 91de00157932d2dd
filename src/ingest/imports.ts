import type { CityRegistry } from '../ports/city-registry.js'
import type { ImportChunk, ImportedFile, ImportRow, Intake } from '../ports/intake.js'
import type { Journal } from '../ports/journal.js'
import { encodeImportEntry, importEntrySchema } from './import-entry.js'
import { inTurn } from './in-turn.js'
import type { ServerClock } from './server-clock.js'

const READ_ENTRIES = 1_000

/** Which devices' entries of each chunk are in the journal. */
type JournaledChunks = Map<string, { readonly parts: number; readonly devices: Set<string> }>

/** Journals historical rows, one entry per device and chunk, each entry once. */
export function openImports(
  journal: Journal,
  registry: CityRegistry,
  clock: ServerClock,
): Pick<Intake, 'importChunk' | 'importedChunks'> {
  let journaled: JournaledChunks | undefined
  // One after the other, so that two callers with the same chunk do not both find it missing.
  const turn = inTurn()

  /** Reading what was imported costs a walk through the journal, so it waits for the first import. */
  async function journaledChunks(): Promise<JournaledChunks> {
    return (journaled ??= await importedBefore(journal))
  }

  async function appendChunk(chunk: ImportChunk): Promise<{ journaled: number; known: boolean }> {
    const byDevice = rowsByDevice(registry, chunk.rows)
    const chunks = await journaledChunks()
    const before = remembered(chunks, chunkKey(chunk, chunk.chunk), byDevice.size).devices
    let count = 0
    for (const [device, rows] of byDevice) {
      if (before.has(device)) continue
      await journal.append({
        kind: 'import',
        ...clock.arrival(),
        device,
        client: chunk.person,
        topic: chunk.fileSha256,
        qos: 1,
        retain: false,
        dup: false,
        payload: entryPayload(chunk, byDevice.size, rows),
      })
      before.add(device)
      count++
    }
    return { journaled: count, known: count === 0 }
  }

  return {
    importChunk: (chunk) => turn(() => appendChunk(chunk)),
    importedChunks: (file) =>
      turn(async () => {
        const prefix = chunkKey(file, '')
        const whole: number[] = []
        for (const [key, { parts, devices }] of await journaledChunks()) {
          if (key.startsWith(prefix) && devices.size === parts) {
            whole.push(Number(key.slice(prefix.length)))
          }
        }
        return whole.sort((a, b) => a - b)
      }),
  }
}

function chunkKey(file: ImportedFile, chunk: number | ''): string {
  return `${file.fileSha256}/${file.mappingSha256}/${file.revision}/${chunk}`
}

function remembered(chunks: JournaledChunks, key: string, parts: number): { devices: Set<string> } {
  const known = chunks.get(key)
  if (known !== undefined) return known
  const fresh = { parts, devices: new Set<string>() }
  chunks.set(key, fresh)
  return fresh
}

async function importedBefore(journal: Journal): Promise<JournaledChunks> {
  const chunks: JournaledChunks = new Map()
  for await (const entries of journal.read(1, READ_ENTRIES)) {
    for (const entry of entries) {
      if (entry.kind !== 'import') continue
      const payload: unknown = JSON.parse(Buffer.from(entry.payload).toString('utf8'))
      const { mappingSha256, revision, chunk, parts } = importEntrySchema.parse(payload)
      const key = chunkKey({ fileSha256: entry.topic, mappingSha256, revision }, chunk)
      remembered(chunks, key, parts).devices.add(entry.device)
    }
  }
  return chunks
}

function rowsByDevice(
  registry: CityRegistry,
  rows: readonly ImportRow[],
): ReadonlyMap<string, readonly ImportRow[]> {
  const { sensors } = registry.current().index
  const unknown = new Set<string>()
  const byDevice = new Map<string, ImportRow[]>()
  for (const row of rows) {
    const device = sensors.get(row.sensor)?.device.id
    if (device === undefined) {
      unknown.add(row.sensor)
      continue
    }
    const known = byDevice.get(device)
    if (known === undefined) byDevice.set(device, [row])
    else known.push(row)
  }
  if (unknown.size > 0) {
    throw new RangeError(`the registry has no sensor ${[...unknown].join(', ')}`)
  }
  return byDevice
}

function entryPayload(chunk: ImportChunk, parts: number, rows: readonly ImportRow[]): Uint8Array {
  const position = new Map<string, number>()
  const columns: [string, string | null][] = []
  const positioned = rows.map(({ sensor, unit, atMs, value }): [number, number, number | null] => {
    const key = `${sensor}/${unit ?? ''}`
    let column = position.get(key)
    if (column === undefined) {
      column = columns.push([sensor, unit]) - 1
      position.set(key, column)
    }
    return [column, atMs, value]
  })
  return encodeImportEntry({
    fileName: chunk.fileName,
    mappingSha256: chunk.mappingSha256,
    revision: chunk.revision,
    chunk: chunk.chunk,
    parts,
    columns,
    rows: positioned,
  })
}
