import type { PondingPoint } from '../city/registry.js'
import type { RainEvent } from '../rain/rain-events.js'
import { note, type Scope } from './indicator.js'
import { provenanceText } from './provenance-text.js'
import type { Note } from './result.js'

/** The rain that a ponding point has to stand, and what came of it in the window. */
export interface DesignRain {
  /** Depth of an hour at the design return period of the sewer, mm; null when nobody has given it. */
  readonly depth60Mm: number | null
  /** Greatest depth of an hour among the events that begin in the window, mm; null when none can be told. */
  readonly greatest60Mm: number | null
  /** How many of these events reached the design depth. */
  readonly reached: number
}

/**
 * The design rain of a point: as asked (parameter `designDepth60Mm`), else as the registry has it.
 *
 * @param events rain events that begin in the window
 */
export function designRain(
  scope: Scope,
  point: PondingPoint,
  events: readonly RainEvent[],
): DesignRain {
  const asked = scope.parameters['designDepth60Mm']
  const depth60Mm = typeof asked === 'number' ? asked : (point.designRain?.depth60Mm ?? null)
  const hours = events.flatMap(({ max60Mm }) => (max60Mm === null ? [] : [max60Mm]))
  return {
    depth60Mm,
    greatest60Mm: hours.length === 0 ? null : Math.max(...hours),
    reached: depth60Mm === null ? 0 : hours.filter((mm) => mm >= depth60Mm).length,
  }
}

/** Where the design depth comes from. */
export function designRainNotes(scope: Scope, point: PondingPoint): Note[] {
  const asked = scope.parameters['designDepth60Mm']
  if (typeof asked === 'number') {
    return [
      note(
        'design_rain_asked',
        `管渠设计 1 h 雨量 ${asked} mm 由请求给出，非取自名录`,
        `the sewer’s design depth of an hour, ${asked} mm, was given with the request, it is not the registry’s`,
      ),
    ]
  }
  if (point.designRain === undefined) return []
  const { depth60Mm, returnPeriodYears, provenance } = point.designRain
  const named = provenanceText(provenance)
  const period =
    returnPeriodYears === undefined
      ? { zh: '', en: '' }
      : {
          zh: `（重现期 ${returnPeriodYears} 年）`,
          en: `, return period ${returnPeriodYears} years`,
        }
  return [
    note(
      'design_rain_source',
      `管渠设计 1 h 雨量 ${depth60Mm} mm${period.zh}，取自名录：${named.zh}`,
      `the sewer’s design depth of an hour, ${depth60Mm} mm${period.en}, is the registry’s: ${named.en}`,
    ),
  ]
}
