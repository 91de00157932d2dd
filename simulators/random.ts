/**
 * Chance that can be asked for any instant without having asked for the ones before: a hash of
 * seed and names. The same question always has the same answer, in any order, in any process.
 */
export interface Chance {
  /** Uniform in [0, 1). */
  uniform(...key: readonly (string | number)[]): number
  /** Standard normal (Box & Muller 1958). */
  normal(...key: readonly (string | number)[]): number
}

export function chance(seed: number): Chance {
  function uniform(...key: readonly (string | number)[]): number {
    return fnv1a(`${seed}|${key.join('|')}`) / 2 ** 32
  }
  return {
    uniform,
    normal(...key) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform(...key, 'radius')))
      return radius * Math.cos(2 * Math.PI * uniform(...key, 'angle'))
    },
  }
}

/** FNV-1a, 32 bit, with MurmurHash3's finaliser: neighbouring keys give unrelated numbers. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
