import type { UnitRules } from '../../domain/city/unit-rules.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { conversion } from '../../domain/units.js'

/** Codes offered in remedies beside the internal unit: what instruments of this field speak. */
const USUAL_CODES =
  'mm cm m [in_i] [ft_i] mm/h mm/min m3/s m3/h L/s m/s cm/s m3 L mg/L g/L g/m3 [NTU] mV V uS/cm mS/cm [pH] Cel K % 1'.split(
    ' ',
  )

/** What the checks ask of units, answered by the one table that also converts the values. */
export const unitRules: UnitRules = {
  convertible: (unit, quantity) => conversion(unit, quantity) !== null,
  accepted: (quantity) => {
    const internal = QUANTITIES[quantity].unit
    const others = USUAL_CODES.filter(
      (code) => code !== internal && conversion(code, quantity) !== null,
    )
    return [internal, ...others]
  },
}
