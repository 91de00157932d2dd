/**
 * The candidate that is most likely meant by a mistyped word: smallest Damerau–Levenshtein distance
 * (optimal string alignment: insert, delete, replace, swap neighbours), case ignored.
 * null when none is closer than a third of the word's length (at least 1): a wrong guess is worse
 * than none. Among equals the first wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const sought = word.toLowerCase()
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(sought.length / 3)) + 1
  for (const candidate of candidates) {
    // The difference in length alone is a lower bound of the distance.
    if (Math.abs(candidate.length - sought.length) >= bestDistance) continue
    const distance = editDistance(sought, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}
