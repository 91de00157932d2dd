import { z } from 'zod'

/** Cursor paging. A cursor is the place the next page starts at; callers hand it back unread. */

export const CURSOR_RULE = 'the `next` of the page before'

/** A time in a series. Refusals have cursors of their ledger's own. */
export const cursorQuery = {
  cursor: z
    .string()
    .regex(/^-?\d{1,15}$/, CURSOR_RULE)
    .transform(Number)
    .optional()
    .meta({ description: CURSOR_RULE }),
}
