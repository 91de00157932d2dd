/** Wall-clock time of the city, whatever zone the browser stands in. */

/** Zone offset at an instant, ms east of UTC. */
export function offsetMs(zone: string, atMs: number): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(atMs)
  const field = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  )
  return wall - Math.floor(atMs / 1000) * 1000
}

/** `2026-11-23T08:30`, as `<input type="datetime-local">` wants it. */
export function wallClock(zone: string, atMs: number): string {
  return new Date(atMs + offsetMs(zone, atMs)).toISOString().slice(0, 16)
}

/**
 * The instant of a wall-clock text like `2026-11-23T08:30`; null when it is none.
 * A time that summer time skips is read with the offset before the change; one that occurs twice
 * is its first occurrence.
 */
export function instantOf(zone: string, wall: string): number | null {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return null
  const first = asUtc - offsetMs(zone, asUtc - offsetMs(zone, asUtc))
  const earlier = asUtc - offsetMs(zone, asUtc - 86_400_000)
  return earlier + offsetMs(zone, earlier) === asUtc ? earlier : first
}
