import helmet from '@fastify/helmet'
import fastifySse, { type SSEPluginOptions } from '@fastify/sse'
import fastify, { type FastifyPluginAsync } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from '../ports/logger.js'
import { liveStreams, type LiveLimits, type LiveStreams } from './live-streams.js'
import { openMetrics } from './metrics.js'
import { describeRoutes } from './openapi.js'
import type { Api, ApiParts } from './parts.js'
import { answerBadPath, answerBrokenRequest, answerWithProblems, requireHost } from './problem.js'
import { guardRoutes, type DeclaredRoute } from './roles.js'
import { declareRoutes } from './routes/index.js'
import { SECURITY_HEADERS } from './security-headers.js'

export interface ServerOptions {
  readonly parts: ApiParts
  readonly writeToken: string | null
  readonly dashboardFolder: string | null
  readonly logger: Logger
  readonly live: LiveLimits & { readonly heartbeatMs: number }
}

export interface Server {
  readonly api: Api
  readonly streams: LiveStreams
  readonly routes: readonly DeclaredRoute[]
}

/**
 * Its types describe an ES module, but it is CommonJS: what is imported is the plug-in itself, and
 * the `default` and `fastifySSE` that the types offer are the bare function, which would only see
 * routes of its own scope.
 */
const serverSentEvents = fastifySse as unknown as FastifyPluginAsync<SSEPluginOptions>

/** Routes take their own bodyLimit where they need more. */
const BODY_BYTES = 64 * 1024

/** fastify as every server of ours is set up, without a route. */
export function emptyServer(): Api {
  const api: Api = fastify({
    bodyLimit: BODY_BYTES,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    frameworkErrors: answerBadPath,
    clientErrorHandler: answerBrokenRequest,
    // Node would answer a request without Host with a bare 400; ours says what is missing.
    http: { requireHostHeader: false },
  }).withTypeProvider<ZodTypeProvider>()
  // Node would answer an expectation that it does not know with a bare 417, which a server may leave
  // out [RFC 9110 §10.1.1]: the request is answered as if it had none.
  api.server.on('checkExpectation', (request, response) => {
    api.server.emit('request', request, response)
  })
  api.setValidatorCompiler(validatorCompiler)
  api.setSerializerCompiler(serializerCompiler)
  api.removeContentTypeParser('text/plain')
  return api
}

/** Puts the server together; it does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const { parts, logger } = options
  const api = emptyServer()
  const streams = liveStreams(
    parts.live,
    () => parts.status.counts?.().projectionPosition ?? 0,
    options.live,
    logger,
  )
  const metrics = openMetrics(api, parts, () => streams.count(), logger)
  answerWithProblems(api, logger)
  api.addHook('onRequest', requireHost)
  const routes = guardRoutes(api, options.writeToken)
  await api.register(helmet, SECURITY_HEADERS)
  await api.register(serverSentEvents, { heartbeatInterval: options.live.heartbeatMs })
  await describeRoutes(api)
  await declareRoutes(api, { ...options, streams, metrics })
  await api.ready()
  return { api, streams, routes }
}
