import { Fragment, type ComponentChildren } from 'preact'
import type { Text } from '../../api/contract.js'
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
          <dd>{shown(name, value, `${caption}: ${name}`, words)}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

function shown(name: string, value: unknown, caption: string, words: Locale): ComponentChildren {
  if (isPlain(value)) return plainText(name, value, words)
  if (isNamed(value)) return <FigureValues of={value} caption={caption} />
  if (!Array.isArray(value)) return null
  const rows = value.filter(isNamed)
  return rows.some((row) => Object.values(row).some((cell) => !isPlain(cell))) ? (
    <FigureTree rows={rows} caption={caption} />
  ) : (
    <FigureTable rows={rows} caption={caption} />
  )
}

interface FigureRowsProps {
  readonly rows: readonly Named[]
  readonly caption: string
}

/** Rows of plain figures. */
function FigureTable({ rows, caption }: FigureRowsProps) {
  const words = useLocale()
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return (
    <Table<Named>
      caption={caption}
      rows={rows}
      rowKey={(row) => rows.indexOf(row)}
      empty="—"
      height="bounded"
      columns={names.map((name) => ({
        key: name,
        head: name,
        cell: (row) => plainText(name, row[name] ?? null, words),
        align: rows.some((row) => typeof row[name] === 'number') ? 'end' : 'start',
      }))}
    />
  )
}

/** Rows with rows of their own: each says its plain figures and unfolds the rest. */
function FigureTree({ rows, caption }: FigureRowsProps) {
  const words = useLocale()
  return (
    <ul class="figure-tree">
      {rows.map((row, i) => {
        const plain = Object.entries(row).filter(([, value]) => isPlain(value))
        const deep = Object.entries(row).filter(([, value]) => !isPlain(value))
        const said = plain.map(([name, value]) => (
          <span key={name} class="figure-pair">
            <code>{name}</code> {plainText(name, value, words)}
          </span>
        ))
        return (
          <li key={i}>
            {deep.length === 0 ? (
              <p class="figure-said">{said}</p>
            ) : (
              <details open={rows.length === 1}>
                <summary class="figure-said">{said}</summary>
                <FigureValues of={Object.fromEntries(deep)} caption={`${caption} ${i + 1}`} />
              </details>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** What fits a cell: a figure, a word, a sentence, or a list of such. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => !isNamed(one) && !Array.isArray(one))
  return !isNamed(value) || isText(value)
}

function plainText(name: string, value: unknown, words: Locale): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '—' : value.map((one) => plainText(name, one, words)).join(', ')
  }
  if (isText(value)) return words.text(value)
  if (typeof value === 'boolean') return words.t(value ? 'cell.true' : 'cell.false')
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return '—'
  return resultColumn(name).kind === 'year' ? String(value) : words.number(value, DIGITS)
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is Text {
  return (
    isNamed(value) &&
    Object.keys(value).length === 2 &&
    typeof value['zh'] === 'string' &&
    typeof value['en'] === 'string'
  )
}
