/** A value that holds from each break to the next one; before the first break it is zero. */
export interface StepFunction {
  at(timeS: number): number
  /** The first break after a time, Infinity when there is none. */
  nextBreak(timeS: number): number
}

/**
 * A step function over two columns of equal length.
 *
 * @param breaksS seconds since the start of the run, ascending
 * @param values what holds from the break of the same position on
 */
export function stepFunction(breaksS: Float64Array, values: Float64Array): StepFunction {
  /** How many breaks are not after the time. */
  function passed(timeS: number): number {
    let low = 0
    let high = breaksS.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((breaksS[middle] ?? Infinity) <= timeS) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    at: (timeS) => values[passed(timeS) - 1] ?? 0,
    nextBreak: (timeS) => breaksS[passed(timeS)] ?? Infinity,
  }
}

/** The same value at all times. */
export function constantly(value: number): StepFunction {
  return { at: () => value, nextBreak: () => Infinity }
}
