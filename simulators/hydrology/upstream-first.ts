/**
 * Positions ordered so that each stands before the one it flows to. Those that flow in a circle are left
 * out, so that a shorter answer means a circle.
 *
 * @param next position that each flows to, null at an end
 */
export function upstreamFirst(next: readonly (number | null)[]): readonly number[] {
  const waiting = next.map(() => 0)
  for (const to of next) if (to !== null) waiting[to] = (waiting[to] ?? 0) + 1
  const ordered = [...next.keys()].filter((at) => waiting[at] === 0)
  for (const at of ordered) {
    const to = next[at] ?? null
    if (to === null) continue
    const left = (waiting[to] ?? 0) - 1
    waiting[to] = left
    if (left === 0) ordered.push(to)
  }
  return ordered
}

/**
 * The order of what must not flow in a circle.
 *
 * @throws RangeError when something does
 */
export function orderedDown(next: readonly (number | null)[], what: string): readonly number[] {
  const ordered = upstreamFirst(next)
  if (ordered.length < next.length) throw new RangeError(`${what} flow in a circle`)
  return ordered
}
