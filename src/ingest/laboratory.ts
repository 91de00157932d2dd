import type { Intake, LabChunk } from '../ports/intake.js'
import type { Journal } from '../ports/journal.js'
import { inTurn } from './in-turn.js'
import { encodeLabEntry, labEntryOf } from './laboratory-entry.js'
import type { ServerClock } from './server-clock.js'

const READ_ENTRIES = 1_000

/** Journals results of laboratories, one entry per chunk of a file, each chunk once. */
export function openLaboratory(
  journal: Journal,
  clock: ServerClock,
): Pick<Intake, 'importLaboratory'> {
  let journaled: Set<string> | undefined
  const turn = inTurn()

  async function appendChunk(chunk: LabChunk): Promise<{ journaled: number; known: boolean }> {
    // Reading what was imported costs a walk through the journal, so it waits for the first import.
    const chunks = (journaled ??= await importedBefore(journal))
    const { fileName, fileSha256, person, revision, results } = chunk
    const key = chunkKey(fileSha256, revision, chunk.chunk)
    if (chunks.has(key)) return { journaled: 0, known: true }
    await journal.append({
      kind: 'laboratory',
      ...clock.arrival(),
      device: '',
      client: person,
      topic: fileSha256,
      qos: 1,
      retain: false,
      dup: false,
      payload: encodeLabEntry({ fileName, revision, chunk: chunk.chunk, results: [...results] }),
    })
    chunks.add(key)
    return { journaled: 1, known: false }
  }

  return { importLaboratory: (chunk) => turn(() => appendChunk(chunk)) }
}

function chunkKey(fileSha256: string, revision: number, chunk: number): string {
  return `${fileSha256}/${revision}/${chunk}`
}

async function importedBefore(journal: Journal): Promise<Set<string>> {
  const chunks = new Set<string>()
  for await (const entries of journal.read(1, READ_ENTRIES)) {
    for (const entry of entries) {
      if (entry.kind !== 'laboratory') continue
      const { revision, chunk } = labEntryOf(entry)
      chunks.add(chunkKey(entry.topic, revision, chunk))
    }
  }
  return chunks
}
