import { z } from 'zod'
import { originName } from '../../domain/flag.js'
import { QUANTITIES } from '../../domain/quantity.js'
import { placedSensors, sensorOfPath, sensorsOfQuery, type PlacedSensor } from '../city-index.js'
import type { Api, ApiParts } from '../parts.js'
import { problemResponses } from '../problem.js'
import { servedFlag } from '../schemas/parts.js'
import {
  latestListSchema,
  revisionsSchema,
  seriesListSchema,
  stepsSchema,
  type Series,
} from '../schemas/series.js'
import { stepQuery, steppedWindowOf, windowOf, windowQuery } from '../window.js'

const seriesPath = z.strictObject({ id: z.string().meta({ description: 'id of the sensor' }) })

/** What series there are, their newest values, their steps and revisions. */
export function seriesRoutes(api: Api, { registry, store, clock }: ApiParts): void {
  api.route({
    method: 'GET',
    url: '/api/v1/series',
    config: { role: 'reader' },
    schema: {
      tags: ['series'],
      summary: 'All series of the registry in force',
      querystring: z.strictObject({}),
      response: { 200: seriesListSchema, ...problemResponses },
    },
    handler: () => ({ items: placedSensors(registry.current().index).map(servedSeries) }),
  })

  api.route({
    method: 'GET',
    url: '/api/v1/series/latest',
    config: { role: 'reader' },
    schema: {
      tags: ['series'],
      summary: 'The newest observation of each series that has one',
      querystring: z.strictObject({
        series: z
          .string()
          .optional()
          .meta({ description: 'ids, separated by commas; absent: all' }),
      }),
      response: { 200: latestListSchema, ...problemResponses },
    },
    handler: async ({ query }) => {
      const wanted = sensorsOfQuery(registry.current().index, 'series', query.series)
      const units = new Map(wanted.map(({ sensor, unit }) => [sensor.id, unit]))
      const items = []
      for (const latest of await store.latest([...units.keys()])) {
        const { series, atMs, value, flag, origin } = latest
        const unit = units.get(series)
        if (unit === undefined) continue
        items.push({
          series,
          atMs,
          value,
          unit,
          flag: servedFlag(flag),
          origin: originName(origin),
        })
      }
      return { items }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/series/:id/steps',
    config: { role: 'reader' },
    schema: {
      tags: ['series'],
      summary: 'One series over steps, aggregated by the store; steps without data are left out',
      description:
        'An instant belongs to the step [from, to) that holds it; a total to the step that holds its end minus 1 ms. Counts take flags 1, 2 and 3. Gaps are not judged here: draw /hyetographs and /hydrographs.',
      params: seriesPath,
      querystring: z.strictObject({ ...windowQuery, ...stepQuery }),
      response: { 200: stepsSchema, ...problemResponses },
    },
    handler: async ({ params, query }) => {
      const { sensor, unit } = sensorOfPath(registry.current().index, params.id)
      const window = steppedWindowOf(query, query.stepMs, clock.nowMs())
      const [steps] = await store.aggregate([sensor.id], window, query.stepMs)
      const counts = Array.from(steps?.counts ?? [])
      const sums = Array.from(steps?.sums ?? [])
      return {
        series: sensor.id,
        unit,
        stepMs: query.stepMs,
        fromMs: Array.from(steps?.fromMs ?? []),
        count: counts,
        sum: sums,
        mean: sums.map((sum, step) => finite(sum / (counts[step] ?? 0))),
        min: Array.from(steps?.minima ?? [], finite),
        max: Array.from(steps?.maxima ?? [], finite),
        flag: Array.from(steps?.flags ?? [], servedFlag),
      }
    },
  })

  api.route({
    method: 'GET',
    url: '/api/v1/series/:id/revisions',
    config: { role: 'reader' },
    schema: {
      tags: ['series'],
      summary: 'All values of times that were given more than one, the current one first',
      params: seriesPath,
      querystring: z.strictObject(windowQuery),
      response: { 200: revisionsSchema, ...problemResponses },
    },
    handler: async ({ params, query }) => {
      const { sensor, unit } = sensorOfPath(registry.current().index, params.id)
      const revisions = await store.revisions(sensor.id, windowOf(query, clock.nowMs()))
      return {
        series: sensor.id,
        unit,
        items: revisions.map(({ atMs, value, rank, origin, seq, current }) => ({
          atMs,
          value,
          rank: Number.isFinite(rank) ? rank : null,
          origin: originName(origin),
          seq,
          current,
        })),
      }
    },
  })
}

/** A step of failed values alone has no mean, no least and no greatest. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function servedSeries({ device, sensor, unit }: PlacedSensor): Series {
  const { en, zh, measure } = QUANTITIES[sensor.quantity]
  return {
    id: sensor.id,
    device: device.id,
    station: device.station,
    field: sensor.field,
    quantity: sensor.quantity,
    quantityName: { zh, en },
    unit,
    measure,
    kind: sensor.kind,
    reporting: sensor.reporting,
    limits: sensor.limits ?? null,
  }
}
