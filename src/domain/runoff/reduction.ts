/** One event in front of and behind a facility or project. */
export interface ReducedEvent {
  /** Rain depth, mm, > 0. */
  readonly depthMm: number
  readonly inflow: number
  readonly outflow: number
}

/**
 * Event reduction of a volume, a peak or a mass: `1 − out/in` (DB11/T 1673-2019 as read in standards
 * sheet S16). Negative when more left than came.
 *
 * @returns share; null without inflow
 */
export function reduction({
  inflow,
  outflow,
}: Pick<ReducedEvent, 'inflow' | 'outflow'>): number | null {
  return inflow > 0 ? 1 - outflow / inflow : null
}

/**
 * Annual reduction `fva = Σ Pi·fvi / Σ Pi`, the one averaged ratio, weighted by rain depth (the same
 * standard). Events without inflow cannot be told and are left out.
 *
 * @returns null when no event can be told
 */
export function annualReduction(events: readonly ReducedEvent[]): number | null {
  const told = events.flatMap((event) => {
    const share = reduction(event)
    return share === null ? [] : [{ depthMm: event.depthMm, share }]
  })
  const depthMm = told.reduce((total, event) => total + event.depthMm, 0)
  if (depthMm === 0) return null
  return told.reduce((total, event) => total + event.depthMm * event.share, 0) / depthMm
}
