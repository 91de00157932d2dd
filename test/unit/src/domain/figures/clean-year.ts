/** A body of clean water over twelve months, as laboratories hand it in; tests spoil what they mean to. */
export interface Sample {
  readonly id: string
  readonly section: string
  readonly day: string
  readonly laboratory: string
  readonly cmaNumber?: string
  readonly weather?: string | null
  readonly values: readonly Result[]
}

interface Result {
  readonly item: string
  readonly value: number | 'below'
  readonly unit: string
  readonly detectionLimit?: number
}

export type Values = Readonly<Record<string, number>>

/** Clear, and of class IV at its very limits where it has them (standards sheet 7.13), but for ammonia. */
export const CLEAN: Values = {
  ...{ transparency: 60, redoxPotential: 120, ph: 7.6, dissolvedOxygen: 3 },
  ...{ permanganateIndex: 10, cod: 30, bod5: 6, ammoniaNitrogen: 1.4, totalPhosphorus: 0.3 },
}

/** Above the limits of class IV, and above CLEAN in every main item. */
export const BEFORE: Values = { ...CLEAN, cod: 45, ammoniaNitrogen: 3, totalPhosphorus: 0.5 }

const UNITS: Readonly<Record<string, string>> = {
  ...{ transparency: 'cm', redoxPotential: 'mV', ph: '[pH]' },
}

export const MONTHS = [
  ...[7, 8, 9, 10, 11, 12].map((month) => `2025-${String(month).padStart(2, '0')}`),
  ...[1, 2, 3, 4, 5, 6].map((month) => `2026-0${month}`),
]

export function sample(section: string, day: string, values: Values): Sample {
  return {
    ...{ id: `${section} ${day}`, section, day, laboratory: 'City Water Test Centre' },
    cmaNumber: '180012050042',
    weather: 'dry',
    values: Object.entries(values).map(([item, value]) => ({
      ...{ item, value, unit: UNITS[item] ?? 'mg/L' },
    })),
  }
}

/** Three tests a week apart in each month. */
export function year(section: string, values: Values): Sample[] {
  return MONTHS.flatMap((month) =>
    ['03', '10', '17'].map((on) => sample(section, `${month}-${on}`, values)),
  )
}

export function baseline(section: string, values: Values = BEFORE): Sample[] {
  return ['2021-05-04', '2021-08-04', '2021-11-04'].map((on) => sample(section, on, values))
}

export const POINTS = ['S1', 'S2', 'S3'].map((section) => ({ section, depthCm: 120 }))

/** Three points in a river that another one flows into above. */
export const RIVER = {
  ...{ id: 'Qing', kind: 'river', points: POINTS },
  inflow: { upstream: 'U', downstream: 'S3' },
}

/** Everything that 635 indicator 5 asks, kept at its limits. */
export const SURVEY = {
  builtFrom: '2022-03-01',
  fromMonth: '2025-07',
  bodies: [RIVER],
  samples: [
    ...['U', 'S1', 'S2', 'S3'].flatMap((section) => year(section, CLEAN)),
    ...['S1', 'S2', 'S3'].flatMap((section) => baseline(section)),
  ],
}

/** The survey with some samples made again; null takes one out. */
export function spoiled<Inputs extends { readonly samples: readonly Sample[] }>(
  survey: Inputs,
  change: (one: Sample) => Sample | null,
): Inputs {
  const samples = survey.samples.map(change).filter((one) => one !== null)
  return { ...survey, samples }
}

/** One sample with other values of some items. */
export function having(one: Sample, values: Values): Sample {
  return {
    ...one,
    values: one.values.map((result) => ({ ...result, value: values[result.item] ?? result.value })),
  }
}

/** A sample that no accredited laboratory stands for. */
export function unaccredited(one: Sample): Sample {
  const { cmaNumber: _, ...rest } = one
  return rest
}
