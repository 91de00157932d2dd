import { QUANTITIES, type Quantity } from './quantity.js'

/** internal value = value × gain + offset; both rounded once from exact fractions. */
export interface Conversion {
  readonly gain: number
  readonly offset: number
}

/**
 * How a value in a unit becomes one in the internal unit of a quantity (quantity.ts).
 *
 * Units are named by UCUM code (ucum.org, version 2.2) or by the names SenML registers (RFC 8428
 * §12.1, RFC 8798 §2 and §3); case counts. Factors are the defining, exact ones.
 *
 * @param unit e.g. `mm`, `[in_i]`, `L/s`, `l/s`, `%RH`
 * @returns null when the unit is unknown or of another kind than the quantity
 */
export function conversion(unit: string, quantity: Quantity): Conversion | null {
  return CONVERSIONS.get(quantity)?.get(unit) ?? null
}

/** Whether values in the unit can be brought to the quantity's internal unit. */
export function convertible(unit: string, quantity: Quantity): boolean {
  return conversion(unit, quantity) !== null
}

type Kind =
  | 'length'
  | 'volume'
  | 'flow'
  | 'speed'
  | 'mass concentration'
  | 'temperature'
  | 'potential'
  | 'conductivity'
  | 'pH'
  | 'turbidity'
  | 'ratio'
  | 'relative humidity'

interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** value in the kind's reference unit = value × scale + offset. */
interface Unit {
  readonly kind: Kind
  readonly scale: Fraction
  readonly offset: Fraction
}

const NONE = fraction(0n)

/**
 * Reference units: m, m³, m³/s, m/s, kg/m³, °C, V, S/m, pH, NTU, 1.
 *
 * The inch is 0.0254 m and the foot 12 inches, exactly; the US gallon is 231 cubic inches, so
 * 3.785 411 784 L exactly (NIST SP 811 (2008), appendix B.8 and B.6; UCUM `[in_i]`, `[ft_i]`,
 * `[gal_us]`). Volumes of US units are written in cubic inches of 16.387 064 mL.
 */
const CUBIC_INCH = { numerator: 16_387_064n, denominator: 1_000_000_000_000n }

/** Gallons in a cubic metre per second and back are written over the day of 86 400 s. */
const MILLION_GALLONS_A_DAY = times(CUBIC_INCH, 231n * 1_000_000n, 86_400n)

const UNITS: Readonly<Record<string, Unit>> = {
  // length; a depth of rain in L/m² is one in mm
  m: unit('length', 1n),
  km: unit('length', 1000n),
  dm: unit('length', 1n, 10n),
  cm: unit('length', 1n, 100n),
  mm: unit('length', 1n, 1000n),
  um: unit('length', 1n, 1_000_000n),
  'L/m2': unit('length', 1n, 1000n),
  'l/m2': unit('length', 1n, 1000n),
  '[in_i]': unit('length', 254n, 10_000n),
  '[ft_i]': unit('length', 3048n, 10_000n),

  m3: unit('volume', 1n),
  dm3: unit('volume', 1n, 1000n),
  L: unit('volume', 1n, 1000n),
  l: unit('volume', 1n, 1000n),
  mL: unit('volume', 1n, 1_000_000n),
  ml: unit('volume', 1n, 1_000_000n),
  '[gal_us]': scaled('volume', times(CUBIC_INCH, 231n)),
  '[cft_i]': scaled('volume', times(CUBIC_INCH, 1728n)),

  'm3/s': unit('flow', 1n),
  'm3/min': unit('flow', 1n, 60n),
  'm3/h': unit('flow', 1n, 3600n),
  'm3/d': unit('flow', 1n, 86_400n),
  'L/s': unit('flow', 1n, 1000n),
  'l/s': unit('flow', 1n, 1000n),
  'L/min': unit('flow', 1n, 60_000n),
  'l/min': unit('flow', 1n, 60_000n),
  'L/h': unit('flow', 1n, 3_600_000n),
  'l/h': unit('flow', 1n, 3_600_000n),
  '[gal_us]/min': scaled('flow', times(CUBIC_INCH, 231n, 60n)),
  '[cft_i]/s': scaled('flow', times(CUBIC_INCH, 1728n)),
  // MGD, million US gallons a day, as sewer records come. UCUM has no short name for it, only the
  // expression; `[mgd_us]` is ours.
  '10*6.[gal_us]/d': scaled('flow', MILLION_GALLONS_A_DAY),
  '[mgd_us]': scaled('flow', MILLION_GALLONS_A_DAY),

  'm/s': unit('speed', 1n),
  'cm/s': unit('speed', 1n, 100n),
  'mm/s': unit('speed', 1n, 1000n),
  'm/h': unit('speed', 1n, 3600n),
  'km/h': unit('speed', 1000n, 3600n),
  'mm/h': unit('speed', 1n, 3_600_000n),
  'mm/min': unit('speed', 1n, 60_000n),
  'mm/d': unit('speed', 1n, 86_400_000n),
  '[in_i]/h': unit('speed', 254n, 10_000n * 3600n),
  '[ft_i]/s': unit('speed', 3048n, 10_000n),

  'kg/m3': unit('mass concentration', 1n),
  'g/L': unit('mass concentration', 1n),
  'g/l': unit('mass concentration', 1n),
  'g/m3': unit('mass concentration', 1n, 1000n),
  'mg/L': unit('mass concentration', 1n, 1000n),
  'mg/l': unit('mass concentration', 1n, 1000n),
  'mg/m3': unit('mass concentration', 1n, 1_000_000n),
  'ug/L': unit('mass concentration', 1n, 1_000_000n),
  'ug/l': unit('mass concentration', 1n, 1_000_000n),
  'ug/m3': unit('mass concentration', 1n, 1_000_000_000n),

  // t/°C = T/K − 273.15; t/°C = (t/°F − 32)/1.8 (NIST SP 811, B.8)
  Cel: unit('temperature', 1n),
  K: { ...unit('temperature', 1n), offset: fraction(-27_315n, 100n) },
  '[degF]': { ...unit('temperature', 5n, 9n), offset: fraction(-160n, 9n) },

  V: unit('potential', 1n),
  mV: unit('potential', 1n, 1000n),
  uV: unit('potential', 1n, 1_000_000n),

  'S/m': unit('conductivity', 1n),
  'dS/m': unit('conductivity', 1n, 10n),
  'mS/m': unit('conductivity', 1n, 1000n),
  'mS/cm': unit('conductivity', 1n, 10n),
  'uS/cm': unit('conductivity', 1n, 10_000n),
  'uS/m': unit('conductivity', 1n, 1_000_000n),

  '[pH]': unit('pH', 1n),
  pH: unit('pH', 1n),

  // FNU and FTU are other methods of measurement: not converted.
  '[NTU]': unit('turbidity', 1n),
  NTU: unit('turbidity', 1n),

  // `%` is percent, as in UCUM. SenML's own `%` is a ratio of 0 to 1 (RFC 8428 §12.1, note 1): its
  // decoder calls it `/` and SenML's percent `/100` (RFC 8798 §3) `%`.
  '1': unit('ratio', 1n),
  '/': unit('ratio', 1n),
  '%': unit('ratio', 1n, 100n),
  '/100': unit('ratio', 1n, 100n),
  '/1000': unit('ratio', 1n, 1000n),
  'm3/m3': unit('ratio', 1n),
  '%RH': unit('relative humidity', 1n, 100n),
}

const CONVERSIONS: ReadonlyMap<Quantity, ReadonlyMap<string, Conversion>> = new Map(
  (Object.keys(QUANTITIES) as Quantity[]).map((quantity) => [quantity, conversionsTo(quantity)]),
)

function conversionsTo(quantity: Quantity): ReadonlyMap<string, Conversion> {
  const code = QUANTITIES[quantity].unit
  const internal = UNITS[code]
  if (internal === undefined) throw new Error(`the internal unit ${code} is not in the table`)
  const found = new Map<string, Conversion>()
  for (const [name, given] of Object.entries(UNITS)) {
    const isOfKind =
      given.kind === internal.kind ||
      (given.kind === 'relative humidity' && quantity === 'relative_humidity')
    if (isOfKind) found.set(name, factors(given, internal))
  }
  return found
}

/** @returns null when one of the units is unknown or they are of different kinds */
export function conversionBetween(from: string, to: string): Conversion | null {
  const [given, wanted] = [UNITS[from], UNITS[to]]
  if (given === undefined || wanted === undefined || given.kind !== wanted.kind) return null
  return factors(given, wanted)
}

function factors(given: Unit, wanted: Unit): Conversion {
  return {
    gain: quotient(given.scale, wanted.scale),
    offset: quotient(difference(given.offset, wanted.offset), wanted.scale),
  }
}

function unit(kind: Kind, numerator: bigint, denominator = 1n): Unit {
  return scaled(kind, fraction(numerator, denominator))
}

function scaled(kind: Kind, scale: Fraction): Unit {
  return { kind, scale, offset: NONE }
}

function fraction(numerator: bigint, denominator = 1n): Fraction {
  return { numerator, denominator }
}

function times(factor: Fraction, numerator: bigint, denominator = 1n): Fraction {
  return fraction(factor.numerator * numerator, factor.denominator * denominator)
}

function difference(a: Fraction, b: Fraction): Fraction {
  return fraction(
    a.numerator * b.denominator - b.numerator * a.denominator,
    a.denominator * b.denominator,
  )
}

/** a ÷ b in lowest terms, then one division: correctly rounded while both terms are below 2^53. */
function quotient(a: Fraction, b: Fraction): number {
  const numerator = a.numerator * b.denominator
  const denominator = a.denominator * b.numerator
  const divisor = greatestCommonDivisor(numerator < 0n ? -numerator : numerator, denominator)
  return Number(numerator / divisor) / Number(denominator / divisor)
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
