import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { StandingFault, TransientFault } from '../domain/fault.js'
import type { Logger } from '../ports/logger.js'
import type { Api } from './parts.js'
import { problemSchema, type Problem, type ProblemFault } from './schemas/problem.js'

/** Every problem this API knows, with its HTTP status. Statuses are chosen here alone. */
const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not as this route wants it' },
  unauthorized: { status: 401, title: 'This needs a token' },
  not_found: { status: 404, title: 'There is no such thing' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of a type this route cannot read' },
  city_rejected: { status: 422, title: 'The registry has faults and was not applied' },
  unexpected: { status: 500, title: 'Something went wrong that is not the caller’s fault' },
  not_here: { status: 501, title: 'This process does not offer it; another one does' },
  not_ready: { status: 503, title: 'The service is not ready' },
  unavailable: { status: 503, title: 'A part of the service is away for the moment' },
  too_many_streams: { status: 503, title: 'No further live stream can be opened' },
} as const

export type ProblemKind = keyof typeof PROBLEMS

const VALUE_CHARACTERS = 200
const RETRY_AFTER_S = 5

/** Thrown by a route to answer with a problem instead of what was asked for. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly faults?: readonly ProblemFault[],
  ) {
    super(detail)
  }
}

/** One parameter that is wrong: what was found and what would be right. */
export function invalid(field: string, value: unknown, expected: string): ProblemError {
  return invalidRequest([{ field, value: found(value), expected }])
}

/** Parameters that are wrong, all at once. */
export function invalidRequest(faults: readonly ProblemFault[]): ProblemError {
  return new ProblemError('invalid_request', faults.map(sentence).join(' '), faults)
}

/** What every route may answer besides its own; spread it into a route's `response`. */
export const problemResponses = {
  default: {
    description: 'what went wrong, as RFC 9457 problem details',
    content: { 'application/problem+json': { schema: problemSchema } },
  },
} as const

/**
 * Turns everything thrown or not found into a problem.
 *
 * @param notFound the problem of a path without a route; absent: that there is no such thing
 */
export function answerWithProblems(
  api: Api,
  logger: Logger,
  notFound: (request: FastifyRequest) => ProblemError = noSuchThing,
): void {
  api.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request)
    if (problem.kind === 'unexpected' && !isOfCaller(error)) {
      const route = request.routeOptions.url ?? request.url
      logger.error({ error, method: request.method, route }, 'request failed')
    }
    return send(request, reply, problem)
  })
  api.setNotFoundHandler((request, reply) => send(request, reply, notFound(request)))
}

function noSuchThing(request: FastifyRequest): ProblemError {
  const path = request.url.split('?', 1)[0] ?? ''
  const detail = `${request.method} ${path} is not served; /docs lists what is.`
  return new ProblemError('not_found', detail)
}

/** [RFC 9112 §3.2] A request of HTTP/1.1 without Host is answered with 400. */
export async function requireHost({ raw }: FastifyRequest): Promise<void> {
  if (raw.httpVersion === '1.1' && raw.headers.host === undefined) {
    throw invalid('host', undefined, 'the name or address this service was reached by')
  }
}

/** For what fastify refuses before any route is found: a path that cannot be decoded, or too long a part of it. */
export function answerBadPath(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  void send(request, reply, new ProblemError('invalid_request', `${error.message}.`))
}

/** For what is no HTTP request at all, or has larger headers than are read: no route and no reply exist yet. */
export function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const line = isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'
  const { title } = PROBLEMS.invalid_request
  const body = JSON.stringify({
    type: 'urn:rainledger:problem:invalid_request',
    title,
    status: isTooLarge ? 431 : 400,
    detail: isTooLarge
      ? 'The address and the headers are too long; ask for less at once.'
      : 'This is no HTTP request.',
    instance: '',
  } satisfies Problem)
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function send(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { status, title } = PROBLEMS[problem.kind]
  if (problem.kind === 'unavailable') void reply.header('retry-after', RETRY_AFTER_S)
  const body: Problem = {
    type: `urn:rainledger:problem:${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: request.url,
    ...(problem.faults === undefined ? {} : { errors: [...problem.faults] }),
  }
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body)
}

/** The caller went away in the middle of the answer: nobody is left to be told, and nothing is to be mended. */
function isOfCaller(error: unknown): boolean {
  return (error as Partial<FastifyError>).code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/** Takes what was thrown for what it is; whatever is not recognised is our own mistake. */
function problemOf(error: unknown, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = error.validationContext ?? 'body'
    return invalidRequest(error.validation.flatMap((issue) => faultsOf(request, issue, context)))
  }
  if (error instanceof TransientFault || error instanceof StandingFault) {
    return new ProblemError(
      'unavailable',
      'The store does not answer; the same request may work soon.',
    )
  }
  const { code, statusCode, message } = error as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const detail = `The body has more than ${request.routeOptions.bodyLimit} bytes; send less at once.`
    return new ProblemError('too_large', detail)
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const given = request.headers['content-type'] ?? 'none'
    const fault = { field: 'content-type', value: given, expected: acceptedTypes(request) }
    return new ProblemError('unsupported_media_type', sentence(fault), [fault])
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new ProblemError('invalid_request', message ?? 'The request could not be read.')
  }
  return new ProblemError('unexpected', 'The fault was logged; the data are unharmed.')
}

function faultsOf(
  request: FastifyRequest,
  issue: ZodFastifySchemaValidationError,
  context: string,
): ProblemFault[] {
  const path = issue.instancePath.split('/').filter((part) => part !== '')
  const input = inputOf(request, context)
  if (issue.keyword === 'unrecognized_keys') {
    const keys = (issue.params as { keys?: readonly string[] }).keys ?? []
    const known = knownKeys(request, context, path)
    return keys.map((key) => ({
      field: [...path, key].join('.'),
      value: found(valueAt(input, [...path, key])),
      expected: known === '' ? 'no parameters' : `one of the known names: ${known}`,
    }))
  }
  const field = path.length === 0 ? context : path.join('.')
  return [{ field, value: found(valueAt(input, path)), expected: expectation(issue) }]
}

/** The validator's sentence as the end of ours, which has said already that the input is not valid. */
function expectation({ message, keyword }: ZodFastifySchemaValidationError): string {
  return (message ?? keyword).replace(/^(Invalid|Too) [a-z]+: expected /, '')
}

function inputOf(request: FastifyRequest, context: string): unknown {
  if (context === 'querystring') return request.query
  if (context === 'params') return request.params
  return context === 'headers' ? request.headers : request.body
}

/** The names a strict object takes; only the top level is looked up, because queries are flat. */
function knownKeys(request: FastifyRequest, context: string, path: readonly string[]): string {
  const schema = request.routeOptions.schema
  const objectSchema = context === 'querystring' ? schema?.querystring : schema?.body
  if (path.length > 0 || !(objectSchema instanceof z.ZodObject)) return 'see /docs'
  return Object.keys(objectSchema.shape).join(', ')
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function found(value: unknown): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value)
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text
}

function sentence(fault: ProblemFault): string {
  const state = fault.value === null ? 'is missing' : `is “${fault.value}”`
  return `${fault.field} ${state}; expected ${fault.expected}.`
}

function acceptedTypes(request: FastifyRequest): string {
  return (request.routeOptions.config.accepts ?? ['application/json']).join(' or ')
}
