import { conduit, type Conduit } from './conduit.js'
import type { NetworkMakeup } from './model.js'
import { orderedDown } from './upstream-first.js'

/** Pipes below the subcatchments. */
export interface Network {
  /** Mean flow into each node over the last step, m³/s. */
  readonly inflowM3S: Float64Array
  /** What did not fit into the conduit of each node so far, m³. */
  readonly floodedM3: Float64Array
  /** What left by each outfall so far, m³. */
  readonly outflowM3: Float64Array
  /** Greatest flow out of each conduit so far, m³/s. */
  readonly peakM3S: Float64Array
  /** Advances one step with the flow of the subcatchments into each node, m³/s. */
  step(lateralM3S: Float64Array, stepS: number): void
  storedM3(): number
}

/**
 * A tree of conduits: each node has one conduit at most, which takes no more than its full flow; what
 * exceeds it floods and is lost to the network, as in SWMM without ponding.
 */
export function network({ nodes, conduits }: NetworkMakeup, routingS: number): Network {
  const below: ({ at: number; to: number; pipe: Conduit } | null)[] = nodes.map(() => null)
  for (const [at, makeup] of conduits.entries()) {
    below[makeup.from] = { at, to: makeup.to, pipe: conduit(makeup, routingS) }
  }
  const order = orderedDown(
    below.map((part) => part?.to ?? null),
    'conduits',
  )
  const inflowM3S = new Float64Array(nodes.length)
  const floodedM3 = new Float64Array(nodes.length)
  const outflowM3 = new Float64Array(nodes.length)
  const peakM3S = new Float64Array(conduits.length)

  return {
    ...{ inflowM3S, floodedM3, outflowM3, peakM3S },
    step(lateralM3S, stepS) {
      inflowM3S.set(lateralM3S)
      for (const node of order) {
        const flow = inflowM3S[node] ?? 0
        const part = below[node] ?? null
        if (part === null) {
          const out = nodes[node]?.kind === 'outfall' ? outflowM3 : floodedM3
          out[node] = (out[node] ?? 0) + flow * stepS
          continue
        }
        const taken = Math.min(flow, part.pipe.fullM3S)
        floodedM3[node] = (floodedM3[node] ?? 0) + (flow - taken) * stepS
        const passed = part.pipe.step(taken, stepS)
        inflowM3S[part.to] = (inflowM3S[part.to] ?? 0) + passed
        peakM3S[part.at] = Math.max(peakM3S[part.at] ?? 0, passed)
      }
    },
    storedM3: () => below.reduce((sum, part) => sum + (part?.pipe.storedM3() ?? 0), 0),
  }
}
