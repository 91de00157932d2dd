import type { IndicatorResult } from '../../api/contract.js'
import { useLocale, type Locale } from '../../i18n/locale.js'
import { Table, type Column } from '../../parts/table.js'
import { resultColumn } from './result-column.js'

type Row = IndicatorResult['table'][number]
type Cell = Row[string]

/** Decimals shown of ratios and flows; the file has them all. */
const DIGITS = 4

/** The events or steps of a computation, row by row, as the API gave them. */
export function ResultTable({ result }: { readonly result: IndicatorResult }) {
  const words = useLocale()
  const rows = result.table.map((row, i) => ({ i, row }))
  const names = [...new Set(result.table.flatMap((row) => Object.keys(row)))]
  const columns = names.map((name, at): Column<(typeof rows)[number]> => {
    const { kind, unit } = resultColumn(name)
    const sign = words.unit(unit)
    const head = words.maybe(`column.${name}`, name)
    return {
      key: name,
      head: sign === '' ? head : `${head} (${sign})`,
      cell: ({ row }) => cellText(row[name] ?? null, kind, words),
      sortBy: ({ row }) => sortable(row[name] ?? null),
      align:
        kind !== 'instant' && result.table.some((row) => typeof row[name] === 'number')
          ? 'end'
          : 'start',
      rowHead: at === 0,
    }
  })
  return (
    <Table
      caption={words.t('assess.table', { n: rows.length })}
      rows={rows}
      rowKey={({ i }) => i}
      empty={words.t('assess.noRows')}
      height="bounded"
      columns={columns}
    />
  )
}

function cellText(
  cell: Cell,
  kind: ReturnType<typeof resultColumn>['kind'],
  words: Locale,
): string {
  if (cell === null || cell === undefined) return '—'
  if (typeof cell === 'boolean') return words.t(cell ? 'cell.true' : 'cell.false')
  if (typeof cell === 'string') return words.maybe(`cell.${cell}`, cell)
  if (kind === 'instant') return words.fullTime(cell)
  if (kind === 'duration') return words.duration(cell)
  if (kind === 'year') return String(cell)
  return words.number(cell, DIGITS)
}

function sortable(cell: Cell): number | string | null {
  return typeof cell === 'boolean' ? Number(cell) : (cell ?? null)
}
