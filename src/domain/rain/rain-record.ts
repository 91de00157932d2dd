import { FLAG } from '../flag.js'
import type { Window } from '../time.js'

/**
 * Rain over a window, by column: spans in time order that tile the window without gap or overlap.
 *
 * Depths are whole picometres (1e-9 mm), so that sums are exact whatever their order: a double
 * holds every integer up to 9 km of rain. No correction for wind undercatch.
 */
export interface RainRecord {
  readonly window: Window
  readonly fromMs: Float64Array
  readonly toMs: Float64Array
  /** 1e-9 mm, integer; 0 where missing. */
  readonly depthPm: Float64Array
  /** 9 where nothing valid is known of the span. */
  readonly flags: Uint8Array
  /** 1 where the depth is known but not when within the span it fell (a counter's gap). */
  readonly spread: Uint8Array
}

const PM_PER_MM = 1e9

/** Depth in mm of whole picometres. */
export function depthMm(pm: number): number {
  return pm / PM_PER_MM
}

/** Whole picometres of a depth in mm. */
export function depthPm(mm: number): number {
  return Math.round(mm * PM_PER_MM)
}

/** Writes a record front to back. What the caller leaves out is not filled: push every span. */
export interface RainRecordWriter {
  /** End of what has been written; the window's start at first. */
  cursorMs(): number
  /** A span up to `toMs`, from the cursor on; nothing happens when it ends at or before the cursor. */
  push(toMs: number, span: RainSpanContent): void
  /** The record, the rest of the window missing. */
  finish(): RainRecord
}

export interface RainSpanContent {
  /** 1e-9 mm that fell in the span from `beginMs`; 0 for dry and missing. */
  readonly depthPm: number
  readonly flag: number
  readonly spread?: boolean
  /** Where the depth begins, when that is before the cursor: the part before it is cut off in proportion. */
  readonly beginMs?: number
}

export const MISSING_SPAN: RainSpanContent = { depthPm: 0, flag: FLAG.missing }

/**
 * A writer for a window. Spans that reach over the window's edges are cut there, their depth in
 * proportion to time and rounded to whole picometres. Neighbouring dry or missing spans with the
 * same flag become one.
 */
export function rainRecordWriter(window: Window): RainRecordWriter {
  let size = 256
  let fromMs = new Float64Array(size)
  let toMs = new Float64Array(size)
  let depths = new Float64Array(size)
  let flags = new Uint8Array(size)
  let spread = new Uint8Array(size)
  let count = 0
  let cursor = window.fromMs

  function push(endMs: number, content: RainSpanContent): void {
    const end = Math.min(endMs, window.toMs)
    if (end <= cursor) return
    const begin = Math.min(content.beginMs ?? cursor, cursor)
    const whole = endMs - begin
    const depth =
      end - cursor === whole
        ? content.depthPm
        : Math.round((content.depthPm * (end - cursor)) / whole)
    const isSpread = content.spread === true ? 1 : 0
    const last = count - 1
    if (
      count > 0 &&
      depth === 0 &&
      depths[last] === 0 &&
      flags[last] === content.flag &&
      spread[last] === isSpread
    ) {
      toMs[last] = end
    } else {
      if (count === size) grow()
      fromMs[count] = cursor
      toMs[count] = end
      depths[count] = depth
      flags[count] = content.flag
      spread[count] = isSpread
      count++
    }
    cursor = end
  }

  function grow(): void {
    size *= 2
    fromMs = larger(fromMs, new Float64Array(size))
    toMs = larger(toMs, new Float64Array(size))
    depths = larger(depths, new Float64Array(size))
    flags = larger(flags, new Uint8Array(size))
    spread = larger(spread, new Uint8Array(size))
  }

  function finish(): RainRecord {
    push(window.toMs, MISSING_SPAN)
    return {
      window,
      fromMs: fromMs.slice(0, count),
      toMs: toMs.slice(0, count),
      depthPm: depths.slice(0, count),
      flags: flags.slice(0, count),
      spread: spread.slice(0, count),
    }
  }

  return { cursorMs: () => cursor, push, finish }
}

function larger<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
