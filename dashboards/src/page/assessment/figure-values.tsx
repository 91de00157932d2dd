import { Fragment, type ComponentChildren } from 'preact'
import { useLocale, type Locale } from '../../i18n/locale.js'
import { Table } from '../../parts/table.js'
import { resultColumn } from './result-column.js'

type Named = Readonly<Record<string, unknown>>

/** Decimals shown; the file has them all. */
const DIGITS = 6

/** Figures under the names that the formula's words use for them, as deep as they go. */
export function FigureValues({ of, caption }: { readonly of: Named; readonly caption: string }) {
  const words = useLocale()
  return (
    <dl class="facts figure-values">
      {Object.entries(of).map(([name, value]) => (
        <Fragment key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{shown(value, name, `${caption}: ${name}`, words)}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

function shown(value: unknown, name: string, caption: string, words: Locale): ComponentChildren {
  if (Array.isArray(value)) {
    if (value.length === 0) return '—'
    if (!value.every(isNamed)) return value.map((one) => scalar(one, name, words)).join(', ')
    const names = [...new Set(value.flatMap((row) => Object.keys(row)))]
    return (
      <Table<Named>
        caption={caption}
        rows={value}
        rowKey={(row) => value.indexOf(row)}
        empty="—"
        height="bounded"
        columns={names.map((column) => ({
          key: column,
          head: column,
          cell: (row) => shown(row[column] ?? null, column, `${caption}.${column}`, words),
          align: value.some((row) => typeof row[column] === 'number') ? 'end' : 'start',
        }))}
      />
    )
  }
  if (isNamed(value)) return <FigureValues of={value} caption={caption} />
  return scalar(value, name, words)
}

function scalar(value: unknown, name: string, words: Locale): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') {
    return resultColumn(name).kind === 'year' ? String(value) : words.number(value, DIGITS)
  }
  if (typeof value === 'boolean') return words.t(value ? 'cell.true' : 'cell.false')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
