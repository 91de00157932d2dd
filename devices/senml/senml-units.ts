/**
 * SenML's name of a unit → ours (UCUM where the two disagree).
 *
 * SenML's `%` is a ratio of 0 to 1 [RFC8428 §12.1, note 1], where UCUM's is percent; SenML's
 * percent is `/100` [RFC8798 §3]. Taken literally, a device that means percent reads a hundred
 * times too high and falls out of its range at once; the other way round, a conforming 0.55 would
 * pass as a dry 0.55 %.
 */
export function fromSenmlUnit(unit: string): string {
  if (unit === '%') return '/'
  if (unit === '/100') return '%'
  return unit
}

/** Our name of a unit → SenML's. */
export function toSenmlUnit(unit: string): string {
  return unit === '%' ? '/100' : unit
}

/** [RFC8428 §4.2] A sum is in the unit of the value times the second: of m3/s it is m3. */
export function unitOfSum(unit: string): string {
  return unit.endsWith('/s') ? unit.slice(0, -2) : `${unit}.s`
}
