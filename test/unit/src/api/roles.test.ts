import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { expect, test } from 'vitest'
import type { Api, ApiParts } from '../../../../src/api/parts.js'
import { guardRoutes } from '../../../../src/api/roles.js'
import { buildServer } from '../../../../src/api/server.js'

function quiet(): void {
  // What is said while routes are declared is not what these tests are about.
}

test('a route without a role does not start', () => {
  const api: Api = fastify().withTypeProvider<ZodTypeProvider>()
  guardRoutes(api, 'token')
  expect(() => api.get('/forgotten', () => 'open to all')).toThrow(
    'GET /forgotten declares no role (config.role)',
  )
})

test('every route has the role that is written here', async () => {
  const { api, routes } = await buildServer({
    parts: { status: { counts: null } } as ApiParts,
    writeToken: 'token',
    dashboardFolder: '/nowhere',
    logger: { error: quiet, warn: quiet, info: quiet, debug: quiet },
    live: { heartbeatMs: 0, streams: 0, waitingBytes: 0 },
  })
  await api.close()
  const ours = routes
    .filter(({ method, url }) => method !== 'HEAD' && !/^\/docs(\/|$)/.test(url))
    .map(({ method, url, role }) => `${role}: ${method} ${url}`)
  expect(ours.length).toBeGreaterThan(0)
  expect(ours.sort()).toEqual([
    'administrator: POST /api/v1/devices/:id/secret',
    'administrator: PUT /api/v1/city',
    'anyone: GET /',
    'anyone: GET /assessment',
    'anyone: GET /assets/*',
    'anyone: GET /healthz',
    'anyone: GET /metrics',
    'anyone: GET /openapi.json',
    'anyone: GET /readyz',
    'engineer: GET /api/v1/imports/:sha256/chunks',
    'engineer: POST /api/v1/assessments',
    'engineer: POST /api/v1/assessments/kept',
    'engineer: POST /api/v1/corrections',
    'engineer: POST /api/v1/imports/chunks',
    'engineer: POST /api/v1/laboratory-results/chunks',
    'engineer: POST /api/v1/marks',
    'reader: GET /api/v1/assessments',
    'reader: GET /api/v1/assessments/kept',
    'reader: GET /api/v1/assessments/kept/:id',
    'reader: GET /api/v1/assessments/kept/:id/changes',
    'reader: GET /api/v1/city',
    'reader: GET /api/v1/city/source',
    'reader: GET /api/v1/devices',
    'reader: GET /api/v1/events',
    'reader: GET /api/v1/hydrographs',
    'reader: GET /api/v1/hyetographs',
    'reader: GET /api/v1/indicators',
    'reader: GET /api/v1/indicators/:id',
    'reader: GET /api/v1/laboratory-results',
    'reader: GET /api/v1/ledger',
    'reader: GET /api/v1/live',
    'reader: GET /api/v1/marks',
    'reader: GET /api/v1/member',
    'reader: GET /api/v1/refusals',
    'reader: GET /api/v1/refusals/:id/payload',
    'reader: GET /api/v1/schemes',
    'reader: GET /api/v1/series',
    'reader: GET /api/v1/series/:id/observations',
    'reader: GET /api/v1/series/:id/revisions',
    'reader: GET /api/v1/series/:id/steps',
    'reader: GET /api/v1/series/latest',
  ])
  const free = routes.filter(({ role }) => role === 'anyone' || role === 'reader')
  expect(free.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([])
})
