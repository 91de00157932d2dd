import type { LabResult } from '../domain/laboratory/lab-result.js'

/** One row of a historical record: a value of one sensor at a time. */
export interface ImportRow {
  readonly sensor: string
  /** UTC epoch ms: the instant, or the end of the span. */
  readonly atMs: number
  /** As the file has it; null says that the value is missing. */
  readonly value: number | null
  /** Unit of the file's value (UCUM); null: the sensor's registry unit. */
  readonly unit: string | null
}

/** What an import is an import of. */
export interface ImportedFile {
  /** Hex SHA-256 of the whole file. */
  readonly fileSha256: string
  /** Hex SHA-256 of the mapping that read the file: another mapping is another import. */
  readonly mappingSha256: string
  /** Decides between imports of the same times with other values: the higher revision wins. */
  readonly revision: number
}

/** A stretch of a historical file, journaled as one entry per device. */
export interface ImportChunk extends ImportedFile {
  readonly fileName: string
  readonly person: string
  /** Position of the chunk in the file, from 0; the same chunk sent twice is journaled once. */
  readonly chunk: number
  readonly rows: readonly ImportRow[]
}

/** A stretch of a file of laboratory results, journaled as one entry. */
export interface LabChunk extends Omit<ImportedFile, 'mappingSha256'> {
  readonly fileName: string
  readonly person: string
  /** Position of the chunk in the file, from 0; the same chunk sent twice is journaled once. */
  readonly chunk: number
  readonly results: readonly LabResult[]
}

/** The door for what does not come over MQTT. */
export interface Intake {
  /** Resolves once the chunk is durable in the journal. Rows of sensors the registry lacks reject the chunk whole. */
  importChunk(chunk: ImportChunk): Promise<{ readonly journaled: number; readonly known: boolean }>
  /** Chunks of a file, read by a mapping, that are already whole in the journal, ascending. */
  importedChunks(file: ImportedFile): Promise<readonly number[]>
  /** Resolves once the results are durable in the journal. */
  importLaboratory(
    chunk: LabChunk,
  ): Promise<{ readonly journaled: number; readonly known: boolean }>
}
