import type { ApiParts } from './parts.js'
import { buildServer } from './server.js'

/** The served OpenAPI document as text, made without a running service. */
export async function openApiText(): Promise<string> {
  const { api } = await buildServer({
    // Describing a route asks nothing of the parts that would answer it.
    parts: { status: { counts: null } } as ApiParts,
    writeToken: 'none is checked',
    dashboardFolder: null,
    logger: { error: ignore, warn: ignore, info: ignore, debug: ignore },
    live: { heartbeatMs: 0, streams: 0, waitingBytes: 0 },
  })
  try {
    return `${JSON.stringify(api.swagger(), null, 2)}\n`
  } finally {
    await api.close()
  }
}

function ignore(): void {
  // Nothing is said while a document is made.
}
