import { HEAT_RULE, type HeatRule } from './heat-rule.js'

export interface DayWeather {
  /** Local date, YYYY-MM-DD. */
  readonly day: string
  readonly rainMm: number | null
  readonly windMs: number | null
}

/** Local dates. */
export interface DisturbedDays {
  readonly disturbed: ReadonlySet<string>
  /** Days of which nobody can say; they are no days to compare either, and miss in their season. */
  readonly unknown: ReadonlySet<string>
}

/**
 * Days with more than 10 mm of rain or 5 m/s of wind (recommended). One of them above its limit is
 * enough; a calm day needs both known.
 */
export function disturbedDays(
  days: readonly DayWeather[],
  { practice }: HeatRule = HEAT_RULE,
): DisturbedDays {
  const disturbed = new Set<string>()
  const unknown = new Set<string>()
  for (const { day, rainMm, windMs } of days) {
    const isWet = rainMm !== null && rainMm > practice.rainMaxMm
    const isWindy = windMs !== null && windMs > practice.windMaxMs
    if (isWet || isWindy) disturbed.add(day)
    else if (rainMm === null || windMs === null) unknown.add(day)
  }
  return { disturbed, unknown }
}
