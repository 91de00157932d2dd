import type { Change } from '../domain/scheme/compared.js'
import { textTable } from './text-table.js'

/** Differences of two assessments, one to a line. */
export function changesText(changes: readonly Change[]): string {
  return textTable(
    [
      { title: 'what', align: 'left', cell: ({ what }) => what },
      { title: 'subject', align: 'left', cell: ({ subject }) => subject ?? '' },
      { title: 'field', align: 'left', cell: ({ field }) => field },
      { title: 'before', align: 'left', cell: (change) => String(change.before ?? '-') },
      { title: 'after', align: 'left', cell: (change) => String(change.after ?? '-') },
    ],
    changes,
  )
}
