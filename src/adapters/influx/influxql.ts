/** A string literal: single quotes, with backslash, quote and newline escaped. */
export function quotedText(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')
  return `'${escaped}'`
}

/** An identifier, e.g. a database. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/** The condition that a point belongs to one of the series; at least one is given. */
export function amongSeries(series: readonly string[]): string {
  return `(${series.map((id) => `"series" = ${quotedText(id)}`).join(' OR ')})`
}

/** The condition that a point's time lies in [fromMs, toMs); whole milliseconds. */
export function duringMs(fromMs: number, toMs: number): string {
  return `time >= ${timeMs(fromMs)} AND time < ${timeMs(toMs)}`
}

/** The clause that groups by steps of `stepMs`, one of which starts at `anchorMs`; empty steps are left out. */
export function byStepMs(anchorMs: number, stepMs: number): string {
  const offsetMs = ((anchorMs % stepMs) + stepMs) % stepMs
  return `GROUP BY time(${timeMs(stepMs)}, ${timeMs(offsetMs)}), "series" fill(none)`
}

/** InfluxDB keeps 1677 to 2262 (int64 nanoseconds); a window may reach further. */
const EARLIEST_MS = -9_223_372_036_854
const LATEST_MS = 9_223_372_036_854

function timeMs(ms: number): string {
  return `${Math.min(LATEST_MS, Math.max(EARLIEST_MS, Math.ceil(ms)))}ms`
}
