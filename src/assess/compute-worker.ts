import { parentPort } from 'node:worker_threads'
import { asError } from '../domain/fault.js'
import { computed } from './compute.js'
import type { Asked } from './compute-thread.js'

/** The thread's side of compute-thread.ts: a group in, its results or the error out. */
let registry: Asked['group']['registry'] = null

parentPort?.on('message', ({ id, group }: Asked) => {
  registry = group.registry ?? registry
  try {
    if (registry === null) throw new Error('the first group came without a registry')
    parentPort?.postMessage({ id, results: computed({ ...group, registry }) })
  } catch (error) {
    parentPort?.postMessage({ id, error: asError(error) })
  }
})
