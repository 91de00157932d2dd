import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

const FOLDER = resolve('../shared/data')

/** Path of a real record; throws when the folder is not there, so that a suite without data fails. */
export function sharedFile(name: string): string {
  const path = resolve(FOLDER, name)
  if (!existsSync(path)) {
    throw new Error(`${path} is missing: test:real needs ../shared/data beside the repository`)
  }
  return path
}

/** Rows of a CSV file, gzipped or not, by column name. */
export function sharedRows(name: string): Record<string, string>[] {
  const bytes = readFileSync(sharedFile(name))
  const text = name.endsWith('.gz') ? gunzipSync(bytes) : bytes
  return parse<Record<string, string>>(text, { columns: true })
}
