/** A half-open stretch of time, ms. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Joins spans that lie less than `gapMs` apart, so that many small reads become few.
 *
 * @returns ascending, not overlapping; everything given is in one of them
 */
export function joined(spans: readonly Span[], gapMs: number): readonly Span[] {
  const result: Span[] = []
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1)
    if (last !== undefined && span.fromMs - last.toMs < gapMs) {
      result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) }
    } else {
      result.push(span)
    }
  }
  return result
}
