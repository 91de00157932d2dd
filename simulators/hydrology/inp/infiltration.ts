import type { InfiltrationMakeup } from '../model.js'
import { Fields, POSITIVE } from './fields.js'
import { METHODS, type Method } from './options.js'
import type { InpFault, InpRow } from './rows.js'
import type { InpUnits } from './units.js'

const S_PER_HOUR = 3600
const S_PER_DAY = 86_400
/** A drying time is the time in which 98 % of the capacity comes back (vol. I, section 4.2). */
const RECOVERED = 0.98
const SHORTEST_DRYING_DAYS = 1e-6

export interface InfiltrationContext {
  readonly units: InpUnits
  /** The method of [OPTIONS]. */
  readonly method: Method
  readonly faults: InpFault[]
}

const NOTHING: InfiltrationMakeup = {
  method: 'horton',
  ...{ initialMS: 0, finalMS: 0, decayPerS: 0, recoveryPerS: 0, capacityM: 0 },
}

/** Reads a line of [INFILTRATION]; a missing one is a fault of its subcatchment. */
export function infiltrationOf(
  row: InpRow | undefined,
  subcatchment: Fields,
  { units, method, faults }: InfiltrationContext,
): InfiltrationMakeup {
  if (row === undefined) {
    subcatchment.fault('expected a line in [INFILTRATION], too')
    return NOTHING
  }
  // Since 5.2 a line may end with a method of its own.
  const isNamed = row.cells.length > 4 && /^[a-z]/i.test(row.cells.at(-1) ?? '')
  const cells = isNamed ? row.cells.slice(0, -1) : row.cells
  const own = isNamed ? new Fields(row, faults).word(cells.length, 'method', METHODS) : method
  const fields = new Fields({ ...row, cells }, faults)
  const hourly = units.depthM / S_PER_HOUR
  if (own === 'HORTON') {
    const initialMS = fields.number(1, 'greatest rate', { min: 0 }) * hourly
    const finalMS = fields.number(2, 'least rate', { min: 0 }) * hourly
    if (finalMS > initialMS) fields.fault('expected the least rate not above the greatest')
    const dryingDays = fields.number(4, 'drying time, days', { min: 0, absent: 7 })
    const mostM = fields.number(5, 'most, in all', { min: 0, absent: 0 }) * units.depthM
    return {
      method: 'horton',
      ...{ initialMS, finalMS },
      decayPerS: fields.number(3, 'decay, 1/h', { min: 0 }) / S_PER_HOUR,
      recoveryPerS:
        -Math.log1p(-RECOVERED) / (Math.max(dryingDays, SHORTEST_DRYING_DAYS) * S_PER_DAY),
      capacityM: mostM > 0 ? mostM : Infinity,
    }
  }
  return {
    method: 'green-ampt',
    suctionM: fields.number(1, 'suction head', { min: 0 }) * units.depthM,
    conductivityMS: fields.number(2, 'conductivity', { min: POSITIVE }) * hourly,
    deficit: fields.number(3, 'initial deficit', { min: 0, max: 1 }),
    modified: own === 'MODIFIED_GREEN_AMPT',
  }
}
