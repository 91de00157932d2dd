import type { Member } from '../../domain/city/member.js'
import type { LiveStreams } from '../live-streams.js'
import type { Metrics } from '../metrics.js'
import type { Api, ApiParts } from '../parts.js'
import { assessmentRoutes } from './assessments.js'
import { booksRoutes } from './books.js'
import { cityRoutes } from './city.js'
import { dashboardRoutes } from './dashboard.js'
import { deviceRoutes } from './devices.js'
import { importRoutes } from './imports.js'
import { indicatorRoutes } from './indicators.js'
import { judgementRoutes } from './judgements.js'
import { keptAssessmentRoutes } from './kept-assessments.js'
import { laboratoryRoutes } from './laboratory.js'
import { liveRoutes } from './live.js'
import { memberRoute } from './member.js'
import { observationRoutes } from './observations.js'
import { refusalRoutes } from './refusals.js'
import { seriesRoutes } from './series.js'
import { healthRoutes, serviceRoutes } from './service.js'
import { waterRoutes } from './water.js'

export interface RouteNeeds {
  readonly parts: ApiParts
  readonly streams: LiveStreams
  readonly metrics: Metrics
  readonly dashboardFolder: string | null
}

/** What a process answers while it waits to take over a member. */
export function declareStandbyRoutes(api: Api, member: Member, detail: string): void {
  healthRoutes(api, () => Promise.resolve([{ part: 'standby', ok: false, detail }]))
  memberRoute(api, () => ({ member, standby: true, registrySha256: null }))
}

/** All routes there are, in the order of the documentation. */
export async function declareRoutes(api: Api, needs: RouteNeeds): Promise<void> {
  const { parts, streams, metrics, dashboardFolder } = needs
  cityRoutes(api, parts)
  seriesRoutes(api, parts)
  observationRoutes(api, parts)
  waterRoutes(api, parts)
  indicatorRoutes(api, parts)
  assessmentRoutes(api, parts)
  keptAssessmentRoutes(api, parts)
  deviceRoutes(api, parts)
  booksRoutes(api, parts)
  refusalRoutes(api, parts)
  liveRoutes(api, streams)
  importRoutes(api, parts)
  laboratoryRoutes(api, parts)
  judgementRoutes(api, parts)
  memberRoute(api, () => ({
    member: parts.member,
    standby: false,
    registrySha256: parts.registry.current().sha256,
  }))
  serviceRoutes(api, parts, metrics)
  await dashboardRoutes(api, dashboardFolder)
}
