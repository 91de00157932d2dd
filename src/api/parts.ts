import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Member } from '../domain/city/member.js'
import type { Registry } from '../domain/city/registry.js'
import type { Assessment } from '../ports/assessment.js'
import type { Books } from '../ports/books.js'
import type { CityRegistry } from '../ports/city-registry.js'
import type { Clock } from '../ports/clock.js'
import type { DeviceSecrets } from '../ports/device-secrets.js'
import type { Intake } from '../ports/intake.js'
import type { Judgements } from '../ports/judgements.js'
import type { KeptAssessments } from '../ports/kept-assessments.js'
import type { LiveFeed } from '../ports/live-feed.js'
import type { SeriesReads } from '../ports/series-store.js'
import type { ServiceStatus } from '../ports/service-counts.js'
import type { ShownLedger } from '../ports/shown-ledger.js'

export interface Coordinates {
  readonly lon: number
  readonly lat: number
}

export type CoordinateReference = Registry['city']['coordinateReference']

/** What the routes ask; each is a port, so that an API can stand before any store and any broker. */
export interface ApiParts {
  readonly registry: CityRegistry
  /** Whose share of the devices this process takes; null: all of them, or none. */
  readonly member: Member | null
  readonly store: SeriesReads
  readonly ledger: ShownLedger
  readonly books: Books
  readonly assess: Assessment
  readonly live: LiveFeed
  readonly intake: Intake
  readonly judgements: Judgements
  readonly keptAssessments: KeptAssessments
  readonly secrets: DeviceSecrets
  readonly status: ServiceStatus
  readonly clock: Clock
  /** Degrees in the given reference to degrees in WGS 84. */
  readonly toWgs84: (place: Coordinates, reference: CoordinateReference) => Coordinates
}

/** The server while its routes are declared: fastify, reading its schemas with zod. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>
