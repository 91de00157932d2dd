/** What a device keeps until it can be sent: first in, first out, bounded. */
export interface OutBuffer<Item> {
  readonly size: number
  /** Returns what had to go for it: the oldest, or the new one itself; null while there is room. */
  push(item: Item): Item | null
  peek(): Item | undefined
  shift(): Item | undefined
}

/** @param most items held at a time; ≥ 1 */
export function outBuffer<Item>(
  most: number,
  full: 'drops-oldest' | 'drops-newest',
): OutBuffer<Item> {
  // A queue by two ends of an array: shifting a long array would move all of it each time.
  let items: Item[] = []
  let head = 0
  function shift(): Item | undefined {
    if (head === items.length) return undefined
    const item = items[head++]
    if (head > 1_024 && head * 2 > items.length) {
      items = items.slice(head)
      head = 0
    }
    return item
  }
  return {
    get size() {
      return items.length - head
    },
    push(item) {
      if (items.length - head < most) {
        items.push(item)
        return null
      }
      if (full === 'drops-newest') return item
      const oldest = shift()
      items.push(item)
      return oldest ?? null
    },
    peek: () => items[head],
    shift,
  }
}
