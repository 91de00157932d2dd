import { z } from 'zod'
import { MARK_FLAGS } from '../../domain/qc/mark.js'
import { DAY_MS } from '../../domain/time.js'
import { TIME_RULE, timeParameter } from '../window.js'
import { missing } from './books.js'
import { epochMs } from './parts.js'

/** A year of 1-minute values are read and judged again at once; a longer mark is made in parts. */
const LONGEST_MARK_MS = 366 * DAY_MS
const MOST_VALUES = 10_000
/** As far as a quantity reaches (SeriesStore.aggregate). */
const LARGEST_VALUE = 1e20

const time = z.union([epochMs, timeParameter], TIME_RULE)
const series = z.string().min(1).meta({ description: 'id of a sensor' })
const person = z.string().trim().min(1).max(200).meta({ description: 'who says so' })
const reason = z.string().trim().min(1).max(1_000).meta({ description: 'why, for the dossier' })
const markFlag = z
  .literal(MARK_FLAGS)
  .nullable()
  .meta({ description: '1 good, 3 suspect, 4 fail; null gives the values back to the tests' })

export const markDraftSchema = z
  .strictObject({
    series,
    from: time.meta({ description: 'start, included' }),
    to: time.meta({ description: 'end, not included; at most 366 days after the start' }),
    flag: markFlag,
    person,
    reason,
  })
  .refine(({ from, to }) => from < to && to - from <= LONGEST_MARK_MS, {
    path: ['to'],
    message: 'after `from`, by at most 366 days; mark a longer time in parts',
  })
  .meta({ id: 'MarkDraft' })

export const correctionDraftSchema = z
  .strictObject({
    series,
    values: z
      .array(
        z.strictObject({
          at: time.meta({ description: 'the instant, or the end of the span' }),
          value: z.number().gt(-LARGEST_VALUE).lt(LARGEST_VALUE).nullable().meta({
            description: 'in the unit of /api/v1/series, calibrated; null: there is none',
          }),
        }),
      )
      .min(1)
      .max(MOST_VALUES),
    person,
    reason,
  })
  .meta({ id: 'CorrectionDraft' })

export const judgementReceiptSchema = z
  .strictObject({
    seq: z.int().meta({ description: 'the journal entry; it takes effect in its turn' }),
  })
  .meta({ id: 'JudgementReceipt' })

export const markListSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        seq: z.int().meta({ description: 'the journal entry' }),
        series,
        fromMs: epochMs,
        toMs: epochMs,
        flag: markFlag,
        markedMs: epochMs,
        person: z.string(),
        reason: z.string(),
      }),
    ),
    missing,
  })
  .meta({ id: 'MarkList' })
