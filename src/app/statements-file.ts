import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { sum } from 'simple-statistics'
import { z } from 'zod'
import { csvLines, fileSha256, type FileFault } from '../adapters/csv-file/index.js'
import { statementSchema, statementsSchema, type Statement } from '../domain/scheme/statement.js'
import { CommandError, EXIT } from './exit.js'
import { faultList, fileError } from './file-faults.js'
import { readYaml } from './yaml-text.js'

const evidence = statementSchema.shape.evidence.unwrap().element

/** As a person writes them: evidence may name its file, whose hash is taken then. */
const writtenSchema = statementsSchema.extend({
  statements: z.array(
    statementSchema.extend({
      evidence: z.array(evidence.extend({ file: z.string().min(1).optional() })).default([]),
    }),
  ),
})

/** A figure that is the sum of a table's column: of a meter's or a ledger's months. */
const columnSum = z.strictObject({
  sumOf: z.string().min(1),
  column: z.string().min(1),
  /** Rows whose `dateColumn` begins with something from `from` to `to`, both included. */
  from: z.string().min(1).optional(),
  to: z.string().min(1).optional(),
  dateColumn: z.string().min(1).default('month'),
  /** 10000 for 万 m³. */
  scale: z.number().positive().default(1),
})

type ColumnSum = z.output<typeof columnSum>

/**
 * Reads the statements of a file for a scheme. Files that they name are found beside it: figures written as
 * `{ sumOf: ledger.csv, column: supplied_m3 }` become the sum, evidence with `file` its SHA-256.
 */
export async function readStatementsFile(
  path: string,
  scheme: string,
): Promise<readonly Statement[]> {
  const written = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error)
  })
  const read = readYaml(written, writtenSchema, 'the statements')
  if (!read.ok) throw new CommandError(EXIT.badInput, faultList(path, read.faults))
  if (read.value.scheme !== scheme) {
    throw new CommandError(
      EXIT.badInput,
      `${path}: its statements are for ${read.value.scheme}, not for ${scheme}`,
    )
  }
  const folder = dirname(path)
  return await Promise.all(
    read.value.statements.map(async ({ figures, evidence: shown, ...rest }) => ({
      ...rest,
      ...(figures === undefined ? {} : { figures: await summed(figures, folder) }),
      evidence: await Promise.all(shown.map((one) => hashed(one, folder))),
    })),
  )
}

type WrittenEvidence = z.output<typeof writtenSchema>['statements'][number]['evidence'][number]

async function hashed(
  { file, ...shown }: WrittenEvidence,
  folder: string,
): Promise<Statement['evidence'][number]> {
  if (file === undefined) return shown
  const path = resolve(folder, file)
  const { sha256 } = await fileSha256(path).catch((error: unknown) => {
    throw fileError(path, error)
  })
  if (shown.sha256 !== undefined && shown.sha256 !== sha256) {
    throw new CommandError(
      EXIT.badInput,
      `${path}: its SHA-256 is ${sha256}, but the statement says ${shown.sha256}`,
    )
  }
  return { ...shown, sha256 }
}

async function summed(
  figures: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<Record<string, unknown>> {
  const entries = Object.entries(figures).map(
    async ([key, value]) => [key, await resolved(value, folder)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function resolved(value: unknown, folder: string): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map((part) => resolved(part, folder)))
  if (value === null || typeof value !== 'object') return value
  if (!('sumOf' in value)) return await summed(value as Record<string, unknown>, folder)
  const read = columnSum.safeParse(value)
  if (read.success) return await sumOfColumn(resolve(folder, read.data.sumOf), read.data)
  const [issue] = read.error.issues
  throw new CommandError(
    EXIT.badInput,
    `sumOf ${String(value.sumOf)}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  )
}

async function sumOfColumn(path: string, asked: ColumnSum): Promise<number> {
  const isByDate = asked.from !== undefined || asked.to !== undefined
  const numbers: number[] = []
  const faults: FileFault[] = []
  let at: { readonly value: number; readonly date: number } | undefined
  try {
    for await (const { cells, line } of csvLines(path, ',')) {
      if (at === undefined) {
        const names = cells.map((name) => name.trim())
        at = { value: names.indexOf(asked.column), date: names.indexOf(asked.dateColumn) }
        const absent = [asked.column, ...(isByDate ? [asked.dateColumn] : [])].filter(
          (name) => !names.includes(name),
        )
        if (absent.length > 0) {
          throw new Error(`the file has no column ${absent.join(', ')}; it has ${names.join(', ')}`)
        }
        continue
      }
      const cell = (cells[at.value] ?? '').trim()
      if (isByDate && !isWithin((cells[at.date] ?? '').trim(), asked)) continue
      const number = Number(cell)
      if (cell === '' || !Number.isFinite(number)) {
        faults.push({ line, message: `${asked.column}: "${cell}" is no number` })
      } else numbers.push(number)
    }
  } catch (error) {
    throw fileError(path, error)
  }
  if (faults.length > 0) throw new CommandError(EXIT.badInput, faultList(path, faults))
  if (numbers.length === 0) {
    const span = isByDate ? ` from ${asked.from ?? 'the first'} to ${asked.to ?? 'the last'}` : ''
    throw new CommandError(EXIT.badInput, `${path}: no row${span} to sum ${asked.column} over`)
  }
  return sum(numbers) * asked.scale
}

/** Dates compare as text, as far as the bound is written: 2025-12 holds 2025-12-31. */
function isWithin(date: string, { from, to }: ColumnSum): boolean {
  const isAfter = from === undefined || date.slice(0, from.length) >= from
  return isAfter && (to === undefined || date.slice(0, to.length) <= to)
}
