import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.js'
import {
  gaugeOfQuery,
  requireSubject,
  stateSensorOfQuery,
  type SubjectKind,
} from '../city-index.js'
import type { Api, ApiParts } from '../parts.js'
import { invalid, problemResponses } from '../problem.js'
import { hydrographSchema, hyetographSchema, rainEventsSchema } from '../schemas/water.js'
import { servedFlag } from '../schemas/parts.js'
import { stepQuery, steppedWindowOf, windowOf, windowQuery } from '../window.js'
import { wholeNumber } from '../whole-number.js'

/** Six hours, the usual inter-event time of urban drainage; the caller may choose another. */
const USUAL_INTER_EVENT_MS = 6 * HOUR_MS
const DEPTH_RULE = 'a depth of 0 mm or more'

/** Rain, flow and rain events, computed from the stored series. */
export function waterRoutes(api: Api, { registry, assess, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/hyetographs',
    config: { role: 'reader' },
    schema: {
      tags: ['rain and flow'],
      summary: 'Rain of a gauge over steps; every step is present, null where nothing is known',
      querystring: z.strictObject({
        gauge: z.string('the id of a rain gauge').meta({ description: 'sensor of rain_depth' }),
        ...windowQuery,
        ...stepQuery,
      }),
      response: { 200: hyetographSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const { sensor } = gaugeOfQuery(registry.current().index, 'gauge', query.gauge)
      const window = steppedWindowOf(query, query.stepMs, clock.nowMs())
      const found = await assess.hyetograph(sensor.id, window, query.stepMs)
      return {
        gauge: found.gauge,
        unit: 'mm' as const,
        stepMs: found.stepMs,
        fromMs: [...found.fromMs],
        depthMm: [...found.depthMm],
        coverage: [...found.coverage],
        worstFlag: found.worstFlag.map(servedFlag),
      }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/hydrographs',
    config: { role: 'reader' },
    schema: {
      tags: ['rain and flow'],
      summary: 'A state over steps (flow, level, ponding depth); null where nothing is known',
      querystring: z.strictObject({
        sensor: z.string('the id of a sensor').meta({ description: 'sensor of a state' }),
        ...windowQuery,
        ...stepQuery,
      }),
      response: { 200: hydrographSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const placed = stateSensorOfQuery(registry.current().index, 'sensor', query.sensor)
      const window = steppedWindowOf(query, query.stepMs, clock.nowMs())
      const found = await assess.hydrograph(placed.sensor.id, window, query.stepMs)
      return {
        sensor: found.sensor,
        unit: placed.unit,
        stepMs: found.stepMs,
        fromMs: [...found.fromMs],
        mean: [...found.mean],
        max: [...found.max],
        coverage: [...found.coverage],
        worstFlag: found.worstFlag.map(servedFlag),
      }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/events',
    config: { role: 'reader' },
    schema: {
      tags: ['rain and flow'],
      summary: 'Rain events of a gauge or of a catchment’s areal rain',
      querystring: z.strictObject({
        gauge: z.string().optional().meta({ description: 'this or catchment' }),
        catchment: z.string().optional().meta({ description: 'this or gauge' }),
        ...windowQuery,
        mitMs: wholeNumber(MINUTE_MS, 7 * DAY_MS, 'ms; 1 min to 7 d')
          .default(USUAL_INTER_EVENT_MS)
          .meta({ description: 'inter-event time: shortest dry spell that separates, ms' }),
        minDepthMm: z.coerce
          .number(DEPTH_RULE)
          .nonnegative(DEPTH_RULE)
          .default(0)
          .meta({ description: 'events with less depth are left out, mm' }),
      }),
      response: { 200: rainEventsSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const subject = rainSubject(query)
      requireSubject(registry.current().index, subject.kind, subject.kind, subject.id)
      const { mitMs: interEventMs, minDepthMm } = query
      const window = windowOf(query, clock.nowMs())
      const events = await assess.rainEvents({ subject, window, interEventMs, minDepthMm })
      return {
        subject,
        interEventMs,
        minDepthMm,
        items: events.map((event) => ({ ...event, worstFlag: servedFlag(event.worstFlag) })),
      }
    },
  })
}

function rainSubject(query: {
  readonly gauge?: string | undefined
  readonly catchment?: string | undefined
}): { kind: SubjectKind; id: string } {
  const { gauge, catchment } = query
  if (gauge !== undefined && catchment !== undefined) {
    throw invalid('catchment', catchment, 'either gauge or catchment, not both')
  }
  if (gauge !== undefined) return { kind: 'gauge', id: gauge }
  if (catchment !== undefined) return { kind: 'catchment', id: catchment }
  throw invalid('gauge', undefined, 'gauge=<sensor of rain_depth> or catchment=<id>')
}
