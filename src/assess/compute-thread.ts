import { Worker } from 'node:worker_threads'
import type { Registry } from '../domain/city/registry.js'
import { asError } from '../domain/fault.js'
import type { IndicatorResult } from '../domain/indicators/result.js'
import type { SeriesColumns } from '../domain/observation.js'
import type { Compute, ComputeGroup } from './compute.js'

/** What the thread is asked; the registry goes along when it is another than before. */
export interface Asked {
  readonly id: number
  readonly group: Omit<ComputeGroup, 'registry'> & { readonly registry: Registry | null }
}

interface Answered {
  readonly id: number
  readonly results?: readonly IndicatorResult[]
  readonly error?: Error
}

interface Waiting {
  readonly resolve: (results: readonly IndicatorResult[]) => void
  readonly reject: (error: Error) => void
}

/**
 * A thread of its own for what indicators compute: a year of a city takes seconds of pure arithmetic,
 * and on the service's thread messages would wait for their PUBACK meanwhile. Columns are handed over, not
 * copied. It starts with the first group; one that dies fails its groups and is replaced.
 */
export function openComputeThread(): {
  readonly compute: Compute
  readonly close: () => Promise<void>
} {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let known = ''
  let next = 0

  function begun(): Worker {
    if (worker !== undefined) return worker
    const fresh = new Worker(entry())
    const end = (error: Error): void => {
      if (worker !== fresh) return
      worker = undefined
      known = ''
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    fresh.on('message', ({ id, results, error }: Answered) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) fresh.unref()
      if (results === undefined) asked?.reject(error ?? new Error('no results'))
      else asked?.resolve(results)
    })
    fresh.on('error', (error) => end(asError(error)))
    fresh.on('exit', (code) => end(new Error(`the computing thread ended with ${code}`)))
    worker = fresh
    return fresh
  }

  return {
    compute: (group) =>
      new Promise((resolve, reject) => {
        const thread = begun()
        const id = next++
        waiting.set(id, { resolve, reject })
        thread.ref()
        const registry = group.sha256 === known ? null : group.registry
        known = group.sha256
        const asked: Asked = { id, group: { ...group, registry } }
        thread.postMessage(asked, buffersOf([...group.columns.values()]))
      }),
    close: async () => {
      await worker?.terminate()
    },
  }
}

/** The built file, also where the sources run as they are: a thread of Node 20 has no loader for TypeScript. */
function entry(): URL {
  const isSource = import.meta.url.endsWith('.ts')
  const folder = isSource ? '../../dist/src/assess/' : './'
  return new URL(`${folder}compute-worker.js`, import.meta.url)
}

/** Each once: columns may be parts of one buffer. */
function buffersOf(columns: readonly SeriesColumns[]): ArrayBuffer[] {
  const buffers = columns.flatMap(({ atMs, spanMs, values, flags, tests, origins }) =>
    [atMs, spanMs, values, flags, tests, origins].map(({ buffer }) => buffer),
  )
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer)
}
