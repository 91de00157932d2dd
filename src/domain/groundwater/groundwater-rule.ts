import type { StandardFact } from '../standard-fact.js'

export interface GroundwaterRule {
  /** Places with more mean annual rain are not evaluated; null where no place is exempt. */
  readonly exempt: (StandardFact & { readonly overMm: number }) | null
  /** Share of a year's days that need a level. */
  readonly completeness: StandardFact & { readonly daysShareMin: number }
  readonly trend: StandardFact & {
    /** Fewest years with an annual mean before construction. */
    readonly beforeYearsMin: number
    /** A level that neither drops nor rises: in order by itself, or compared like any drop. */
    readonly steady: 'met' | 'compared'
  }
}

/** Standards sheet 7.10. */
const COMPLETENESS = {
  document: 'none: Rainledger’s own default',
  tag: 'recommended',
  daysShareMin: 0.9,
} as const

/** Item 6 of the evaluation standard (standards sheet 3.9). */
export const GROUNDWATER_GBT_51345: GroundwaterRule = {
  exempt: null,
  completeness: COMPLETENESS,
  trend: {
    document: 'GB/T 51345-2018 item 6',
    tag: 'unverified',
    beforeYearsMin: 5,
    steady: 'compared',
  },
}

/** Indicator 3 (standards sheet 2.1): stable, or a drop smaller than before; its years are those of the standard. */
export const GROUNDWATER_635: GroundwaterRule = {
  exempt: { document: '建办城函〔2015〕635号 indicator 3', tag: 'read', overMm: 1000 },
  completeness: COMPLETENESS,
  trend: {
    document: '建办城函〔2015〕635号 indicator 3, with the years of GB/T 51345-2018 item 6',
    tag: 'unverified',
    beforeYearsMin: 5,
    steady: 'met',
  },
}
