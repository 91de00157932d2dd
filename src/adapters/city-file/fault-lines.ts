import type { RegistryFault } from '../../ports/city-registry.js'
import { plainText } from './plain-text.js'

/**
 * Faults for people at a terminal, one a line, clickable in editors:
 * `city.yaml:41 devices[3].sensors[0].unit: "inches" is no UCUM unit of rain_depth → write mm`.
 */
export function faultLines(faults: readonly RegistryFault[], file: string): string[] {
  return faults.map(({ file: own, line, path, message, remedy }) => {
    const place = line === null ? (own ?? file) : `${own ?? file}:${line}`
    const subject = path === '' ? '' : ` ${path}`
    return plainText(`${place}${subject}: ${message} → ${remedy}`)
  })
}
