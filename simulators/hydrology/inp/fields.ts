import { z } from 'zod'
import type { InpFault, InpRow } from './rows.js'

/** What a number may be, and what it is when its cell is missing. */
export interface NumberRule {
  readonly min?: number
  readonly max?: number
  /** Without it a missing cell is a fault. */
  readonly absent?: number
}

const NUMBER = z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/)

/** Reads the cells of rows; what is wrong is told to `faults`, and reading goes on with a stand-in. */
export class Fields {
  constructor(
    readonly row: InpRow,
    readonly faults: InpFault[],
  ) {}

  /** Adds a fault of this row. */
  fault(message: string): void {
    this.faults.push({ line: this.row.line, message: `[${this.row.section}] ${message}` })
  }

  /** Says that something is not computed here, by its name. */
  refuse(what: string): void {
    this.fault(`${what} is not supported`)
  }

  has(at: number): boolean {
    return this.row.cells[at] !== undefined
  }

  text(at: number, name: string, absent?: string): string {
    const cell = this.row.cells[at] ?? absent
    if (cell !== undefined) return cell
    this.fault(`${name} is missing: expected in column ${at + 1}`)
    return ''
  }

  number(at: number, name: string, { min, max, absent }: NumberRule = {}): number {
    const cell = this.row.cells[at]
    if (cell === undefined && absent !== undefined) return absent
    if (cell === undefined) {
      this.fault(`${name} is missing: expected ${rangeText(min, max)} in column ${at + 1}`)
      return Number.NaN
    }
    const range = z
      .number()
      .min(min ?? -Number.MAX_VALUE)
      .max(max ?? Number.MAX_VALUE)
    const read = NUMBER.transform(Number).pipe(range).safeParse(cell)
    if (read.success) return read.data
    this.fault(`${name} "${cell}": expected ${rangeText(min, max)}`)
    return Number.NaN
  }

  /** One of some words, in any case; returned as the list writes it. */
  word<const Word extends string>(
    at: number,
    name: string,
    words: readonly Word[],
    absent?: NoInfer<Word>,
  ): Word | null {
    const cell = this.row.cells[at]
    if (cell === undefined && absent !== undefined) return absent
    const found = words.find((word) => word.toUpperCase() === cell?.toUpperCase())
    if (found !== undefined) return found
    this.fault(`${name} "${cell ?? ''}": expected ${words.join(', ')}`)
    return null
  }
}

function rangeText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `a number from ${min} to ${max}`
  if (min !== undefined) return min > 0 ? 'a number above 0' : `a number of at least ${min}`
  return max === undefined ? 'a number' : `a number of at most ${max}`
}

/** The smallest number that counts as above zero. */
export const POSITIVE = Number.MIN_VALUE

/** Tells of rows whose name an earlier one has. */
export function checkNames(rows: readonly InpRow[], faults: InpFault[]): void {
  const names = new Set<string>()
  for (const row of rows) {
    const name = row.cells[0] ?? ''
    if (names.has(name)) new Fields(row, faults).fault(`"${name}" stands twice`)
    names.add(name)
  }
}
