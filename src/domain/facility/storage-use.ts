/** How full a storage became during an event. */
export interface StorageUse {
  /** Greatest level over the storage depth. */
  readonly peakShare: number
  /** The same of what was free at the start; null when nothing was. */
  readonly relativeShare: number | null
}

/**
 * Storage used by an event, from the levels of an observation well: `max/depth`, and of what was free
 * `(max − start)/(depth − start)`, the start taken as at least 0 because a drifted zero stores nothing
 * (Philadelphia Water Department, metrics of pwdgsi 0.7.4).
 *
 * @param levelsM in time order from the start of the event, above the storage's floor, m; at least one
 * @param storageDepthM > 0
 * @throws RangeError without a level
 */
export function storageUse(levelsM: readonly number[], storageDepthM: number): StorageUse {
  const [first] = levelsM
  if (first === undefined) throw new RangeError('storage use wants at least one level')
  const peakM = levelsM.reduce((most, level) => Math.max(most, level), first)
  const startM = Math.max(0, first)
  const freeM = storageDepthM - startM
  return {
    peakShare: peakM / storageDepthM,
    relativeShare: freeM > 0 ? (peakM - startM) / freeM : null,
  }
}

/**
 * Time a storage takes to empty: from the end of the rain to the first level at or below the one
 * taken as empty.
 *
 * @param atMs ascending
 * @returns ms; null when no level after the rain is that low
 */
export function drawdownMs(
  atMs: readonly number[],
  levelsM: readonly number[],
  rainEndMs: number,
  emptyM: number,
): number | null {
  const emptied = atMs.find((at, i) => at >= rainEndMs && (levelsM[i] ?? Number.NaN) <= emptyM)
  return emptied === undefined ? null : emptied - rainEndMs
}
