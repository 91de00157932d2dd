import type { StandardFact } from '../standard-fact.js'

export interface HeatRule {
  /** Calendar months, both included. */
  readonly season: StandardFact & { readonly fromMonth: number; readonly toMonth: number }
  /** Fewest years with a season, before and after construction. */
  readonly years: StandardFact & { readonly beforeMin: number; readonly afterMin: number }
  readonly practice: StandardFact & {
    /** Fewest hours of a day with a value (for dailyMeans). */
    readonly hoursMin: number
    /** Fewest days of a season on which every site has a mean, as a share of the days not left out. */
    readonly seasonShareMin: number
    /** Fall of air temperature with height, °C/m. */
    readonly lapseCPerM: number
    /** Days with more rain or wind may be left out. */
    readonly rainMaxMm: number
    readonly windMaxMs: number
  }
}

/** Standards sheet 2.1 (indicator 4), 3.10 and 7.12; the share of a season is in none of them. */
export const HEAT_RULE: HeatRule = {
  season: {
    document: '建办城函〔2015〕635号 indicator 4',
    tag: 'read',
    fromMonth: 6,
    toMonth: 9,
  },
  years: { document: 'GB/T 51345-2018 item 7', tag: 'unverified', beforeMin: 5, afterMin: 1 },
  practice: {
    document: 'none: Rainledger’s own default',
    tag: 'recommended',
    hoursMin: 20,
    seasonShareMin: 0.9,
    lapseCPerM: 0.006,
    rainMaxMm: 10,
    windMaxMs: 5,
  },
}
