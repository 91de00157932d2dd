import { z } from 'zod'
import { isInShare } from '../../domain/city/member.js'
import type { Device } from '../../domain/city/registry.js'
import { deviceHealth } from '../../domain/device-health.js'
import type { SequenceGaps } from '../../domain/sequence-gaps.js'
import { SECOND_MS } from '../../domain/time.js'
import { deviceOfPath } from '../city-index.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import { deviceListSchema, deviceSecretSchema, type DeviceList } from '../schemas/devices.js'

const GAPS_SHOWN = 20

/** How the devices are doing, and their secrets. */
export function deviceRoutes(api: Api, parts: ApiParts): void {
  const { registry, member, ledger, secrets, clock } = parts
  api.route({
    method: 'GET',
    url: '/api/v1/devices',
    config: { role: 'reader' },
    schema: {
      tags: ['devices'],
      summary:
        'The devices of the registry in force and their health; of a member, those of its share',
      querystring: z.strictObject({}),
      response: { 200: deviceListSchema, ...problemResponses },
    },
    handler: async () => {
      const nowMs = clock.nowMs()
      const heard = await ledger.devices()
      const states = new Map(heard.states.map((state) => [state.device, state]))
      const enrolled = new Set(secrets.devices())
      const { devices } = registry.current().registry
      const items = devices
        .filter(({ id }) => isInShare(id, member))
        .map((device) => {
          const state = states.get(device.id)
          const silence = {
            lastArrivalMs: state?.lastArrivalMs ?? null,
            expectedEveryMs: expectedEveryMs(device),
            removedMs: device.removedAt === undefined ? null : Date.parse(device.removedAt),
          }
          return {
            id: device.id,
            station: device.station,
            model: device.model,
            clock: device.clock,
            state: heard.isUnknown(device.id) ? ('unknown' as const) : deviceHealth(silence, nowMs),
            connection: state?.state ?? null,
            lastArrivalMs: silence.lastArrivalMs,
            lastAtMs: state?.lastAtMs ?? null,
            clockOffsetMs: state?.clockOffsetMs ?? null,
            messages: state?.messages ?? 0,
            missing: servedMissing(state?.sequence ?? null),
            expectedEveryMs: silence.expectedEveryMs,
            enrolled: enrolled.has(device.id),
          }
        })
      return { items }
    },
  })

  api.route({
    method: 'POST',
    url: '/api/v1/devices/:id/secret',
    config: { role: 'administrator' },
    schema: {
      tags: ['devices'],
      summary: 'Issue a new secret for a device; the old one is void at once',
      description: 'The secret is shown in this answer only; the service keeps a salted hash.',
      security: [{ token: [] }],
      params: z.strictObject({ id: z.string() }),
      querystring: z.strictObject({}),
      response: { 200: deviceSecretSchema, ...problemResponses },
    },
    handler: async ({ params }, reply) => {
      const device = deviceOfPath(registry.current().index, params.id)
      void reply.header('cache-control', 'no-store')
      return { device: device.id, secret: await secrets.issue(device.id) }
    },
  })
}

function servedMissing(sequence: SequenceGaps | null): DeviceList['items'][number]['missing'] {
  if (sequence === null) return null
  const { missing, restarts, gaps } = sequence
  return { messages: missing, restarts, gaps: gaps.slice(-GAPS_SHOWN) }
}

/** A device speaks at least as often as its most frequent sensor reports. */
function expectedEveryMs(device: Device): number {
  const seconds = device.sensors.map(({ reporting }) =>
    reporting.type === 'periodic' ? reporting.intervalS : reporting.heartbeatS,
  )
  return Math.ceil(Math.min(...seconds) * SECOND_MS)
}
