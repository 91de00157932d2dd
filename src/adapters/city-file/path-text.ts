import type { CityPath } from '../../domain/city/city-fault.js'

/** A path as people write it: `devices[3].sensors[0].unit`. Odd keys are quoted. */
export function pathText(path: CityPath): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(step)) text += `[${JSON.stringify(step)}]`
    else text += text === '' ? step : `.${step}`
  }
  return text
}
