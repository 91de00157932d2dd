/** Every so many-th message is garbage, to be acknowledged and refused. */
const GARBAGE_EVERY = 97

/** Time of the message with number 0, UTC epoch ms; each further one is a second later. */
export const BASE_MS = Date.UTC(2021, 0, 1)

export function isGarbage(number: number): boolean {
  return number % GARBAGE_EVERY === GARBAGE_EVERY - 1
}

/** One that can be found again: in the series by its time, among the refusals by its bytes. */
export function numberedMessage(device: string, number: number): string {
  if (isGarbage(number)) return `garbage ${device} ${number}`
  return JSON.stringify([{ n: 'level', u: 'm', v: number / 1000, t: BASE_MS / 1000 + number }])
}
