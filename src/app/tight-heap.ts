import { setFlagsFromString } from 'node:v8'

/** How far the old heap may grow beyond what lived at its last collection before the next one, %. */
const GROWTH_PERCENT = 60

/**
 * Makes V8 collect earlier. A projection under load turns batches over that live for a moment each,
 * and V8 would rather let some 200 MB of them pile up than look for them. It costs some processor time, so
 * only a service that leaves the memory to a database beside it asks for it.
 */
export function tightHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
