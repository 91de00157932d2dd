import { z } from 'zod'

/** Cursor paging. A cursor is the place the next page starts at; callers hand it back unread. */

const CURSOR_RULE = 'the `next` of the page before'

/** Integers alone serve as places: a time in a series, the number of a refusal. */
export const cursorQuery = {
  cursor: z
    .string()
    .regex(/^-?\d{1,15}$/, CURSOR_RULE)
    .transform(Number)
    .optional()
    .meta({ description: CURSOR_RULE }),
}
