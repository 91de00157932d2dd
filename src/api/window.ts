import { z } from 'zod'
import { DAY_MS, MINUTE_MS, SECOND_MS, type Window } from '../domain/time.js'
import { invalid } from './problem.js'
import { wholeNumber } from './whole-number.js'

/** Times and windows as callers write them. */

export const TIME_RULE =
  'ISO 8601 with offset, e.g. 2026-07-01T08:00:00+08:00, or integer UTC epoch milliseconds'

/** Years 1 to 9999: what ISO 8601 with four digits can say. */
const EARLIEST_MS = -62_135_596_800_000
const LATEST_MS = 253_402_300_799_999

const isoTime = z.iso.datetime({ offset: true })

/**
 * Reads a time. A `+` that a query turned into a space is taken back, because nobody who types
 * a URL escapes it.
 */
export const timeParameter = z
  .string(TIME_RULE)
  .transform((text, context) => {
    const atMs = epochMsOf(text)
    if (atMs !== null) return atMs
    context.addIssue({ code: 'custom', message: TIME_RULE })
    return z.NEVER
  })
  .meta({ description: TIME_RULE })

function epochMsOf(text: string): number | null {
  const isNumber = /^-?\d{1,15}$/.test(text)
  const iso = text.replace(/ (\d\d:\d\d)$/, '+$1')
  if (!isNumber && !isoTime.safeParse(iso).success) return null
  const atMs = isNumber ? Number(text) : Date.parse(iso)
  return Number.isInteger(atMs) && atMs >= EARLIEST_MS && atMs <= LATEST_MS ? atMs : null
}

/** The two ends of a window; by default the last 24 h. */
export const windowQuery = {
  from: timeParameter.optional().meta({ description: `start, included; ${TIME_RULE}` }),
  to: timeParameter.optional().meta({ description: `end, not included; ${TIME_RULE}` }),
}

/** The longest answer by steps; a week of minutes is 10,080. */
export const MOST_STEPS = 20_000

export const stepQuery = {
  stepMs: wholeNumber(SECOND_MS, 366 * DAY_MS, 'ms; 1 s to 366 d')
    .default(5 * MINUTE_MS)
    .meta({ description: 'length of a step, ms' }),
}

interface Ends {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** The window meant; throws a problem unless from < to. */
export function windowOf(ends: Ends, nowMs: number): Window {
  return checked({ fromMs: ends.from ?? (ends.to ?? nowMs) - DAY_MS, toMs: ends.to ?? nowMs }, ends)
}

/**
 * The window meant, for an answer by steps. An end left out is put on a whole step of UTC, so
 * that the same page asked twice shows the same steps; ends that are given are kept.
 */
export function steppedWindowOf(ends: Ends, stepMs: number, nowMs: number): Window {
  const toMs = ends.to ?? Math.ceil(nowMs / stepMs) * stepMs
  const fromMs = ends.from ?? Math.floor((toMs - DAY_MS) / stepMs) * stepMs
  const window = checked({ fromMs, toMs }, ends)
  const steps = Math.ceil((toMs - fromMs) / stepMs)
  if (steps <= MOST_STEPS) return window
  const shortestMs = Math.ceil((toMs - fromMs) / MOST_STEPS)
  const rule = `at most ${MOST_STEPS} steps: stepMs of at least ${shortestMs}, or a shorter window (this one has ${steps} steps)`
  throw invalid('stepMs', stepMs, rule)
}

/** The window meant, at most `mostMs` long. */
export function boundedWindowOf(ends: Ends, mostMs: number, nowMs: number): Window {
  const window = windowOf(ends, nowMs)
  if (window.toMs - window.fromMs <= mostMs) return window
  throw invalid('from', window.fromMs, `a window of at most ${mostMs / DAY_MS} days`)
}

function checked(window: Window, ends: Ends): Window {
  if (window.fromMs < window.toMs) return window
  if (ends.from === undefined) throw invalid('to', window.toMs, `a time after ${window.fromMs}`)
  throw invalid('from', window.fromMs, `a time before the end of the window, ${window.toMs}`)
}
