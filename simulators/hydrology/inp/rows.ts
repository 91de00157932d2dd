/** What is wrong in a line of the file. */
export interface InpFault {
  readonly line: number
  readonly message: string
}

/** A file with faults, or with something that this engine does not compute. */
export class InpError extends Error {
  override readonly name = 'InpError'
  constructor(readonly faults: readonly InpFault[]) {
    super(faults.map(({ line, message }) => `line ${line}: ${message}`).join('\n'))
  }
}

/** A line of a section, cut into its cells. */
export interface InpRow {
  readonly line: number
  readonly section: string
  readonly cells: readonly string[]
}

/** Rows by the upper-case name of their section, and the line at which each section begins. */
export interface InpSections {
  readonly rows: ReadonlyMap<string, readonly InpRow[]>
  readonly heads: ReadonlyMap<string, number>
}

/** Cells of a line: blanks between, quotes around what has blanks, a comment from `;` on. */
export function cellsOf(line: string): readonly string[] {
  const cells: string[] = []
  for (const [cell, quoted] of line.matchAll(/"([^"]*)"?|;.*|[^\s;"]+/g)) {
    if (cell.startsWith(';')) break
    cells.push(quoted ?? cell)
  }
  return cells
}

/** Cuts a SWMM input file into the rows of its sections; free text under [TITLE] is left out. */
export function sectionsOf(text: string, faults: InpFault[]): InpSections {
  const rows = new Map<string, InpRow[]>()
  const heads = new Map<string, number>()
  let section: string | null = null
  for (const [at, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = at + 1
    const head = /^\s*\[([^\]]*)\]/.exec(raw)
    if (head !== null) {
      section = (head[1] ?? '').trim().toUpperCase()
      if (!heads.has(section)) heads.set(section, line)
      continue
    }
    if (section === 'TITLE') continue
    const cells = cellsOf(raw)
    if (cells.length === 0) continue
    if (section === null) {
      faults.push({ line, message: 'a line before the first [SECTION]' })
      continue
    }
    const row = { line, section, cells }
    const known = rows.get(section)
    if (known === undefined) rows.set(section, [row])
    else known.push(row)
  }
  return { rows, heads }
}

/** Rows by the name in their first cell, in the order of the file. */
export function rowsByName(rows: readonly InpRow[]): ReadonlyMap<string, readonly InpRow[]> {
  const byName = new Map<string, InpRow[]>()
  for (const row of rows) {
    const name = row.cells[0] ?? ''
    const known = byName.get(name)
    if (known === undefined) byName.set(name, [row])
    else known.push(row)
  }
  return byName
}
