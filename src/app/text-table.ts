/** A column of a printed table. */
export interface TextColumn<Row> {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cell: (row: Row) => string
}

/** Rows under their titles, columns two blanks apart. */
export function textTable<Row>(columns: readonly TextColumn<Row>[], rows: readonly Row[]): string {
  const table = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(cellOf(row)))]
  const widths = columns.map((_, at) => Math.max(...table.map((cells) => cells[at]?.length ?? 0)))
  const lines = table.map((cells) =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 0
        return columns[at]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

function cellOf<Row>(row: Row): (column: TextColumn<Row>) => string {
  return ({ cell }) => cell(row)
}
