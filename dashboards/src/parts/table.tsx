import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLocale } from '../i18n/locale.js'

export interface Column<Row> {
  readonly key: string
  readonly head: string
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers stand at the right, under each other. */
  readonly align?: 'start' | 'end'
  /** What to sort by; without it the column cannot be sorted by. Unknown values go last either way. */
  readonly sortBy?: (row: Row) => number | string | null
  /** The cell that names its row. */
  readonly rowHead?: boolean
}

export interface TableProps<Row> {
  /** What the table shows; read to screen readers, not printed. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string | number
  /** Shown instead of an empty body. */
  readonly empty: string
  readonly height?: 'all' | 'bounded'
}

interface Order {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

/** A table that says what it shows, sorts by its heads and scrolls inside itself when it must. */
export function Table<Row>(props: TableProps<Row>) {
  const words = useLocale()
  const order = useSignal<Order | null>(null)
  const rows = sorted(props.rows, props.columns, order.value)

  const choose = (key: string): void => {
    const now = order.value
    const direction = now?.key === key && now.direction === 'ascending' ? 'descending' : 'ascending'
    order.value = { key, direction }
  }

  if (props.rows.length === 0) return <p class="empty">{props.empty}</p>
  return (
    <div
      class={`table-scroll ${props.height === 'bounded' ? 'table-bounded' : ''}`}
      role="region"
      aria-label={words.t('table.scroll', { caption: props.caption })}
      tabIndex={0}
    >
      <table>
        <caption class="unseen">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                class={`align-${column.align ?? 'start'}`}
                aria-sort={order.value?.key === column.key ? order.value.direction : undefined}
              >
                {column.sortBy === undefined ? (
                  column.head
                ) : (
                  <button
                    type="button"
                    class="sort"
                    title={words.t('table.sortBy', { column: column.head })}
                    onClick={() => choose(column.key)}
                  >
                    {column.head}
                    <span class="sort-sign" aria-hidden="true">
                      {sign(order.value, column.key)}
                    </span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={props.rowKey(row)}>
              {props.columns.map((column) =>
                column.rowHead === true ? (
                  <th key={column.key} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.key} class={`align-${column.align ?? 'start'}`}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function sign(order: Order | null, key: string): string {
  if (order?.key !== key) return '↕'
  return order.direction === 'ascending' ? '↑' : '↓'
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | null,
): readonly Row[] {
  const value = columns.find(({ key }) => key === order?.key)?.sortBy
  if (order === null || value === undefined) return rows
  const turn = order.direction === 'ascending' ? 1 : -1
  return rows.toSorted((left, right) => {
    const a = value(left)
    const b = value(right)
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    if (typeof a === 'number' && typeof b === 'number') return turn * (a - b)
    return turn * String(a).localeCompare(String(b), undefined, { numeric: true })
  })
}
