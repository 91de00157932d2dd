import type { Logger } from '../ports/logger.js'
import type { ApiParts } from './parts.js'
import { listeningUrl } from './listening-url.js'
import { buildServer } from './server.js'
import { spareConnections } from './spare-connections.js'

export { TIME_RULE, timeParameter } from './window.js'
export type { ApiParts } from './parts.js'
export { startStandbyApi } from './standby.js'

export interface ApiOptions {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly parts: ApiParts
  /** What a caller must show for routes of the roles engineer and administrator; null: they are not offered. */
  readonly writeToken: string | null
  /** Where the built dashboard lies; null: none is served. */
  readonly dashboardFolder: string | null
  readonly logger: Logger
  readonly live?: {
    readonly heartbeatMs?: number
    readonly streams?: number
    readonly waitingBytes?: number
  }
}

export interface RunningApi {
  /** e.g. `http://127.0.0.1:8080` */
  readonly url: string
  /** Takes no more requests, ends live streams, lets running answers end for 2 s. Safe to call twice. */
  stop(): Promise<void>
}

const STOP_MS = 2_000
const LIVE = { heartbeatMs: 15_000, streams: 200, waitingBytes: 8 * 1024 * 1024 }

/**
 * Serves the HTTP API, its documentation and the dashboard. Resolves once it listens; rejects
 * with Node's own error (EADDRINUSE, EACCES…) when it cannot.
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { api, streams } = await buildServer({ ...options, live: { ...LIVE, ...options.live } })
  const closeSpareConnections = spareConnections(api.server)
  try {
    await api.listen({ host: options.host, port: options.port })
  } catch (error) {
    await api.close()
    throw error
  }
  const url = listeningUrl(api.server.address())

  let stopping: Promise<void> | null = null
  async function stop(): Promise<void> {
    streams.stop()
    const impatience = setTimeout(() => api.server.closeAllConnections(), STOP_MS)
    const closed = api.close()
    closeSpareConnections()
    try {
      await closed
    } finally {
      clearTimeout(impatience)
    }
  }
  return { url, stop: () => (stopping ??= stop()) }
}
