import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'

/** One request, read whole. */
export interface SeenRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface GivenAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpStandIn {
  readonly url: string
  readonly seen: readonly SeenRequest[]
  stop(): Promise<void>
}

/**
 * A real HTTP server that answers as it is told, for what no server at hand does: other versions of
 * a product, or one that fails at a chosen request. null cuts the connection without an answer.
 */
export async function startHttpStandIn(
  answer: (request: SeenRequest) => GivenAnswer | null | Promise<GivenAnswer | null>,
): Promise<HttpStandIn> {
  const seen: SeenRequest[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const read = { method, path: url, headers, body: Buffer.concat(chunks).toString() }
    seen.push(read)
    const given = await answer(read)
    if (given === null) {
      request.socket.destroy()
      return
    }
    response.writeHead(given.status, given.headers)
    response.end(given.body ?? '')
  }
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)))
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
