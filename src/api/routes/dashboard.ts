import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Api } from '../parts.js'
import { ProblemError } from '../problem.js'

const PAGE = 'index.html'

/** One file for all pages: it shows the one its path names. */
const PAGE_PATHS = ['/', '/assessment'] as const

/** The built dashboard; its assets carry a hash in their names and never change. */
export async function dashboardRoutes(api: Api, folder: string | null): Promise<void> {
  if (folder === null) return
  const root = folder
  await api.register(fastifyStatic, { root, serve: false })

  for (const path of PAGE_PATHS) {
    api.get(
      path,
      { config: { role: 'anyone' }, schema: { hide: true } },
      async (_request, reply) => {
        if (!(await isThere(join(root, PAGE)))) {
          throw new ProblemError('not_found', 'The dashboard is not built; run `npm run build`.')
        }
        return reply.sendFile(PAGE, { cacheControl: false })
      },
    )
  }
  api.get<{ Params: { '*': string } }>(
    '/assets/*',
    { config: { role: 'anyone' }, schema: { hide: true } },
    (request, reply) => sendAsset(reply, `assets/${request.params['*']}`),
  )
}

function sendAsset(reply: FastifyReply, file: string): FastifyReply {
  return reply.sendFile(file, { maxAge: '365d', immutable: true })
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
