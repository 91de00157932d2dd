/** [RFC8428 §6, table 4] Integer labels; the table is conclusive, extensions use text. */
export const LABELS = [
  ['bver', -1],
  ['bn', -2],
  ['bt', -3],
  ['bu', -4],
  ['bv', -5],
  ['bs', -6],
  ['n', 0],
  ['u', 1],
  ['v', 2],
  ['vs', 3],
  ['vb', 4],
  ['s', 5],
  ['t', 6],
  ['ut', 7],
  ['vd', 8],
] as const
