import type {
  Changes,
  IndicatorDescription,
  KeptList,
  Scheme,
  SealedAssessment,
} from './assessment-contract.js'
import type {
  City,
  DeviceHealth,
  Hydrograph,
  Hyetograph,
  IndicatorResult,
  Latest,
  LedgerSums,
  Problem,
  RainEvent,
  Refusals,
  Series,
} from './contract.js'

/** UTC epoch ms, half-open. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

interface Items<T> {
  readonly items: readonly T[]
}

/** An assessment and the very bytes that the API answered. */
export interface AssessmentAnswer {
  readonly sealed: SealedAssessment
  readonly file: Blob
}

/** The questions the page asks. Each rejects with an ApiFault, also when the service is away. */
export interface ApiClient {
  city(signal: AbortSignal): Promise<City>
  series(signal: AbortSignal): Promise<Items<Series>>
  latest(signal: AbortSignal): Promise<Items<Latest>>
  hyetograph(gauge: string, span: Span, stepMs: number, signal: AbortSignal): Promise<Hyetograph>
  hydrograph(sensor: string, span: Span, stepMs: number, signal: AbortSignal): Promise<Hydrograph>
  events(gauge: string, span: Span, signal: AbortSignal): Promise<Items<RainEvent>>
  indicator(id: string, subject: string, span: Span, signal: AbortSignal): Promise<IndicatorResult>
  ledger(span: Span, signal: AbortSignal): Promise<LedgerSums>
  refusals(limit: number, signal: AbortSignal): Promise<Refusals>
  devices(signal: AbortSignal): Promise<Items<DeviceHealth>>
  schemes(signal: AbortSignal): Promise<Items<Scheme>>
  indicators(signal: AbortSignal): Promise<Items<IndicatorDescription>>
  /** Takes up to minutes and cannot be dropped: the service would go on computing it. */
  assessment(scheme: string, span: Span): Promise<AssessmentAnswer>
  keptList(signal: AbortSignal): Promise<KeptList>
  kept(id: number): Promise<AssessmentAnswer>
  /** What a kept assessment changed since another kept one. */
  changes(id: number, since: number, signal: AbortSignal): Promise<Changes>
  /** Where the same observations are to be had as a file. */
  csvUrl(series: string, span: Span): string
  /** The service's clock by the last answer's Date header, to a second; this machine's before the first. */
  nowMs(): number
}

/** An answer that is not one: RFC 9457 when the service spoke, status 0 when nobody did. */
export class ApiFault extends Error {
  override readonly name = 'ApiFault'
  constructor(
    readonly problem: Problem,
    readonly path: string,
  ) {
    super(problem.detail ?? problem.title)
  }
}

/** @param root e.g. `/api/v1`, without a slash at the end */
export function apiClient(root: string): ApiClient {
  const clock = { offsetMs: 0 }

  async function answer(
    path: string,
    query: Readonly<Record<string, string | number>>,
    signal: AbortSignal | null,
  ): Promise<Response> {
    const url = `${root}${path}${search(query)}`
    const response = await fetch(url, { signal, headers: { accept: 'application/json' } }).catch(
      (error: unknown) => {
        if (signal?.aborted === true) throw error
        throw new ApiFault({ type: 'about:blank', title: 'unreachable', status: 0 }, url)
      },
    )
    const date = Date.parse(response.headers.get('date') ?? '')
    // Half a second: the header cuts its time to whole seconds.
    if (!Number.isNaN(date)) clock.offsetMs = date + 500 - Date.now()
    if (response.ok) return response
    throw new ApiFault(await problem(response), url)
  }

  async function ask<T>(
    path: string,
    query: Readonly<Record<string, string | number>>,
    signal: AbortSignal,
  ): Promise<T> {
    return (await (await answer(path, query, signal)).json()) as T
  }

  return {
    city: async (signal) => await ask('/city', {}, signal),
    series: async (signal) => await ask('/series', {}, signal),
    latest: async (signal) => await ask('/series/latest', {}, signal),
    hyetograph: async (gauge, span, stepMs, signal) =>
      await ask('/hyetographs', { gauge, ...ends(span), stepMs }, signal),
    hydrograph: async (sensor, span, stepMs, signal) =>
      await ask('/hydrographs', { sensor, ...ends(span), stepMs }, signal),
    events: async (gauge, span, signal) => await ask('/events', { gauge, ...ends(span) }, signal),
    indicator: async (id, subject, span, signal) =>
      await ask(`/indicators/${encodeURIComponent(id)}`, { subject, ...ends(span) }, signal),
    ledger: async (span, signal) => await ask('/ledger', ends(span), signal),
    refusals: async (limit, signal) => await ask('/refusals', { limit }, signal),
    devices: async (signal) => await ask('/devices', {}, signal),
    schemes: async (signal) => await ask('/schemes', {}, signal),
    indicators: async (signal) => await ask('/indicators', {}, signal),
    assessment: async (scheme, span) =>
      await sealedOf(await answer('/assessments', { scheme, ...ends(span) }, null)),
    keptList: async (signal) => await ask('/assessments/kept', {}, signal),
    kept: async (id) => await sealedOf(await answer(`/assessments/kept/${id}`, {}, null)),
    changes: async (id, since, signal) =>
      await ask(`/assessments/kept/${id}/changes`, { since }, signal),
    csvUrl: (series, span) =>
      `${root}/series/${encodeURIComponent(series)}/observations${search({ ...ends(span), format: 'csv' })}`,
    nowMs: () => Date.now() + (Math.abs(clock.offsetMs) < 2_000 ? 0 : clock.offsetMs),
  }
}

async function sealedOf(response: Response): Promise<AssessmentAnswer> {
  const bytes = await response.arrayBuffer()
  const sealed = JSON.parse(new TextDecoder().decode(bytes)) as SealedAssessment
  return { sealed, file: new Blob([bytes], { type: 'application/json' }) }
}

function ends(span: Span): { from: number; to: number } {
  return { from: span.fromMs, to: span.toMs }
}

function search(query: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

async function problem(response: Response): Promise<Problem> {
  const fallback = { type: 'about:blank', title: response.statusText, status: response.status }
  if (!(response.headers.get('content-type') ?? '').includes('json')) return fallback
  const body = (await response.json()) as Partial<Problem>
  return { ...fallback, ...body }
}
