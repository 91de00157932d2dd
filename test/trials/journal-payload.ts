/** What run `run` appends as its n-th entry: known to the process that appends and to the test that looks for it. */
export function appendedPayload(run: number, n: number): string {
  return `<run ${run} entry ${n}>${'.'.repeat((n * 37) % 300)}`
}
