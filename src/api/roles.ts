import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Api } from './parts.js'
import { ProblemError } from './problem.js'

/**
 * Who may use a route. In this release `anyone` and `reader` need no token, `engineer` and
 * `administrator` need the one write token; the names stand from the first day so that users and
 * their rights can come without touching a route.
 */
const ROLES = ['anyone', 'reader', 'engineer', 'administrator'] as const
export type Role = (typeof ROLES)[number]

const FREE: readonly Role[] = ['anyone', 'reader']

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; a route without one stops the start. */
    role?: Role
    /** Media types of the body, for the problem that names them. Absent: JSON. */
    accepts?: readonly string[]
  }
}

export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly role: Role
}

const ONLY_READS =
  'This process only reads. Imports go to the member that owns the device, a registry to every member.'

/** Routes that a plug-in registers without a place for a role. */
const PLUG_IN_ROUTES: readonly { readonly prefix: string; readonly role: Role }[] = [
  { prefix: '/docs', role: 'anyone' },
]

/**
 * Holds every later route to a declared role and every request to the route's.
 *
 * @param writeToken null: routes that need it are not offered by this process
 */
export function guardRoutes(api: Api, writeToken: string | null): readonly DeclaredRoute[] {
  const declared: DeclaredRoute[] = []
  const expected = writeToken === null ? null : digest(writeToken)

  api.addHook('onRoute', (route) => {
    const role = route.config?.role ?? plugInRole(route)
    if (role === undefined) {
      throw new Error(`${String(route.method)} ${route.url} declares no role (config.role)`)
    }
    route.config = { ...route.config, role }
    for (const method of [route.method].flat()) declared.push({ method, url: route.url, role })
  })

  api.addHook('onRequest', async (request, reply) => {
    // Without a route (404) there is nothing to guard.
    const role = request.routeOptions.config.role ?? 'anyone'
    if (FREE.includes(role)) return
    if (expected === null) throw new ProblemError('not_here', ONLY_READS)
    checkToken(request, reply, expected, role)
  })

  return declared
}

function plugInRole(route: RouteOptions): Role | undefined {
  const isOf = (prefix: string): boolean =>
    route.url === prefix || route.url.startsWith(`${prefix}/`)
  return PLUG_IN_ROUTES.find(({ prefix }) => isOf(prefix))?.role
}

/** [RFC 6750 §3] the challenge names an error only when a token was given. */
function checkToken(
  request: FastifyRequest,
  reply: FastifyReply,
  expected: Buffer,
  role: Role,
): void {
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given === undefined) {
    void reply.header('www-authenticate', 'Bearer realm="rainledger"')
    const detail = `This is for the role ${role}: send “Authorization: Bearer <token>” with the token printed at start.`
    throw new ProblemError('unauthorized', detail)
  }
  // Digests are of equal length, so the comparison tells nothing about the token's.
  if (timingSafeEqual(digest(given), expected)) return
  void reply.header('www-authenticate', 'Bearer realm="rainledger", error="invalid_token"')
  throw new ProblemError('unauthorized', 'The token is not the one printed at start.')
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
