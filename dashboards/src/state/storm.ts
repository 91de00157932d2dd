import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { ApiClient, Span } from '../api/client.js'
import type {
  City,
  DeviceHealth,
  Hydrograph,
  Hyetograph,
  IndicatorResult,
  Latest,
  LedgerSums,
  LiveEvent,
  RainEvent,
  Refusals,
  Series,
} from '../api/contract.js'
import { INDICATOR } from '../api/indicator-ids.js'
import type { LiveListener } from '../api/live.js'
import { resource, type Resource } from '../api/resource.js'
import {
  alignedSpan,
  chosenFromQuery,
  chosenSpan,
  stepFor,
  writeChosen,
  type Chosen,
} from './window.js'

export type Outfall = City['outfalls'][number]
export type PondingPoint = City['pondingPoints'][number]

/** Whose capture ratio is shown: the chosen outfall's, or its zone's. */
export type CaptureScope = 'outfall' | 'zone'

export interface PondingCurve {
  readonly point: PondingPoint
  readonly curve: Hydrograph
}

export interface PondingResult {
  readonly point: PondingPoint
  readonly result: IndicatorResult
}

/** Everything the storm view shows: choices going in, answers coming out. */
export interface Storm {
  readonly city: City
  readonly series: ReadonlyMap<string, Series>
  readonly chosen: Signal<Chosen>
  readonly follow: Signal<boolean>
  readonly outfallId: Signal<string | null>
  readonly gaugeId: Signal<string | null>
  readonly scope: Signal<CaptureScope>
  readonly nowMs: ReadonlySignal<number>
  readonly outfall: ReadonlySignal<Outfall | null>
  readonly gauges: readonly string[]
  /** The window of charts and results, whole steps. */
  readonly span: ReadonlySignal<Span>
  readonly stepMs: ReadonlySignal<number>
  /** The flow sensor of the chosen outfall within the window; null when it is not metered. */
  readonly flowSensor: ReadonlySignal<string | null>
  readonly latest: ReadonlySignal<ReadonlyMap<string, Latest>>
  /** Time of the newest observation of the city; null before the first. */
  readonly newestMs: ReadonlySignal<number | null>
  readonly rain: Resource<Hyetograph | null>
  readonly flow: Resource<Hydrograph | null>
  readonly ponding: Resource<readonly PondingCurve[]>
  readonly events: Resource<readonly RainEvent[]>
  /** Runoff of the outfall, storm by storm. */
  readonly runoff: Resource<IndicatorResult | null>
  readonly capture: Resource<IndicatorResult | null>
  readonly pondingResults: Resource<readonly PondingResult[]>
  readonly devices: Resource<readonly DeviceHealth[]>
  readonly refusals: Resource<Refusals>
  readonly ledger: Resource<LedgerSums>
  /** The hours of arrival that the books are shown for; they end now, whatever the charts show. */
  readonly booksSpan: ReadonlySignal<Span>
  /** The observations of a series in the window shown, as a file. */
  csvUrl(series: string): string
  /** What the live stream calls. */
  readonly listener: LiveListener
  stop(): void
}

/** A new point is drawn within this time of its event; cards and tables may take a little longer. */
const CHART_EVERY_MS = 700
const CARD_EVERY_MS = 1_500
const REFUSALS_SHOWN = 50
const HOUR_MS = 3_600_000
/** The books are looked at over the last day's hours of arrival. */
const BOOKS_MS = 24 * HOUR_MS

/**
 * Wires choices to questions and live events to refreshes. Each question runs once at a time,
 * so a slow service is asked less often, not more.
 */
export function openStorm(city: City, seriesList: readonly Series[], api: ApiClient): Storm {
  const query = new URLSearchParams(location.search)
  const series = new Map(seriesList.map((item) => [item.id, item]))
  const zone = city.city.timeZone
  const gauges = seriesList
    .filter((item) => item.quantity === 'rain_depth' || item.quantity === 'rain_intensity')
    .map((item) => item.id)

  const chosen = signal<Chosen>(chosenFromQuery(query))
  const follow = signal(true)
  const outfallId = signal(known(query.get('outfall'), city.outfalls) ?? firstOutfall(city))
  const outfall = computed(() => city.outfalls.find(({ id }) => id === outfallId.value) ?? null)
  const askedGauge = query.get('gauge')
  const gaugeId = signal(
    askedGauge !== null && gauges.includes(askedGauge)
      ? askedGauge
      : mainGauge(city, outfall.value, gauges),
  )
  const scope = signal<CaptureScope>('outfall')

  const nowMs = signal(api.nowMs())
  const ticking = setInterval(() => {
    nowMs.value = api.nowMs()
  }, 1_000)

  const latest = signal<ReadonlyMap<string, Latest>>(new Map())
  const newestMs = computed(() => {
    let newest: number | null = null
    for (const { atMs } of latest.value.values()) {
      if (newest === null || atMs > newest) newest = atMs
    }
    return newest
  })

  const flowSensor = computed(() => {
    const at = endMs.value
    const metering = outfall.value?.metering.find(
      ({ state, from, to }) =>
        state === 'metered' && Date.parse(from) < at && (to === undefined || at <= Date.parse(to)),
    )
    return metering?.sensor ?? null
  })
  const stepMs = computed(() => {
    const choice = chosen.value
    const lengthMs = choice.kind === 'last' ? choice.hours * HOUR_MS : choice.toMs - choice.fromMs
    const shown = [gaugeId.value, ...city.pondingPoints.map((point) => point.sensor)]
    const sensors = shown.concat(
      city.outfalls.flatMap((o) => o.metering.map((m) => m.sensor ?? null)),
    )
    const intervals = sensors.map((id) => {
      const reporting = id === null ? undefined : series.get(id)?.reporting
      return reporting?.type === 'periodic' ? reporting.intervalS * 1_000 : 0
    })
    return stepFor(lengthMs, Math.max(0, ...intervals))
  })
  // Moves by whole steps, so that following does not ask anew each second.
  const held = signal(nowMs.value)
  const endMs = computed((): number => {
    const choice = chosen.value
    if (choice.kind === 'between') return choice.toMs
    const at = follow.value ? nowMs.value : held.value
    return alignedSpan({ fromMs: at, toMs: at }, stepMs.value, zone).toMs
  })
  const span = computed(() =>
    alignedSpan(chosenSpan(chosen.value, endMs.value), stepMs.value, zone),
  )
  const forgetHeld = effect(() => {
    if (follow.value) held.value = nowMs.value
  })
  const forgetAddress = effect(() => {
    const url = new URL(location.href)
    writeChosen(url.searchParams, chosen.value)
    if (outfallId.value !== null) url.searchParams.set('outfall', outfallId.value)
    if (gaugeId.value !== null) url.searchParams.set('gauge', gaugeId.value)
    history.replaceState(null, '', url)
  })

  const rain = resource<Hyetograph | null>(CHART_EVERY_MS, () => {
    const [gauge, at, step] = [gaugeId.value, span.value, stepMs.value]
    return async (stop) => (gauge === null ? null : await api.hyetograph(gauge, at, step, stop))
  })
  const flow = resource<Hydrograph | null>(CHART_EVERY_MS, () => {
    const [sensor, at, step] = [flowSensor.value, span.value, stepMs.value]
    return async (stop) => (sensor === null ? null : await api.hydrograph(sensor, at, step, stop))
  })
  const ponding = resource<readonly PondingCurve[]>(CHART_EVERY_MS, () => {
    const [at, step] = [span.value, stepMs.value]
    return async (stop) =>
      await Promise.all(
        city.pondingPoints.map(async (point) => ({
          point,
          curve: await api.hydrograph(point.sensor, at, step, stop),
        })),
      )
  })
  const events = resource<readonly RainEvent[]>(CARD_EVERY_MS, () => {
    const [gauge, at] = [gaugeId.value, span.value]
    return async (stop) => (gauge === null ? [] : (await api.events(gauge, at, stop)).items)
  })
  const runoff = resource<IndicatorResult | null>(CARD_EVERY_MS, () => {
    const [subject, at] = [outfallId.value, span.value]
    return async (stop) =>
      subject === null ? null : await api.indicator(INDICATOR.runoffCoefficient, subject, at, stop)
  })
  const capture = resource<IndicatorResult | null>(CARD_EVERY_MS, () => {
    const subject = scope.value === 'zone' ? (outfall.value?.zone ?? null) : outfallId.value
    const at = span.value
    return async (stop) =>
      subject === null ? null : await api.indicator(INDICATOR.captureRatio, subject, at, stop)
  })
  const pondingResults = resource<readonly PondingResult[]>(CARD_EVERY_MS, () => {
    const at = span.value
    return async (stop) =>
      await Promise.all(
        city.pondingPoints.map(async (point) => ({
          point,
          result: await api.indicator(INDICATOR.ponding, point.id, at, stop),
        })),
      )
  })
  const devices = resource(CARD_EVERY_MS, () => async (stop) => (await api.devices(stop)).items)
  const refusals = resource(
    CARD_EVERY_MS,
    () => async (stop) => await api.refusals(REFUSALS_SHOWN, stop),
  )
  // The books go by arrival, so a storm of last week says nothing about them: they end now.
  const booksEndMs = computed(() => (Math.floor(nowMs.value / HOUR_MS) + 1) * HOUR_MS)
  const booksSpan = computed((): Span => ({
    fromMs: booksEndMs.value - BOOKS_MS,
    toMs: booksEndMs.value,
  }))
  const ledger = resource<LedgerSums>(CARD_EVERY_MS, () => {
    const at = booksSpan.value
    return async (stop) => await api.ledger(at, stop)
  })
  const first = resource<readonly Latest[]>(
    CARD_EVERY_MS,
    () => async (stop) => (await api.latest(stop)).items,
  )
  const forgetFirst = effect(() => {
    const loaded = first.state.value
    if (loaded.status === 'ready') latest.value = newer(latest.peek(), loaded.data)
  })

  const charts = [rain, flow, ponding]
  const results = [events, runoff, capture, pondingResults]
  const house = [devices, refusals, ledger]

  function observed(event: LiveEvent): void {
    const { fromMs, toMs } = span.peek()
    const arrived = event.observations.flatMap((seen) => {
      const unit = series.get(seen.series)?.unit
      return unit === undefined ? [] : [{ ...seen, unit }]
    })
    latest.value = newer(latest.peek(), arrived)
    for (const part of house) part.refresh()
    // One step further: a point that has just moved the window belongs to it too.
    const touched = arrived.some(({ atMs }) => atMs > fromMs && atMs <= toMs + stepMs.peek())
    if (!touched) return
    const seen = new Set(arrived.map((observation) => observation.series))
    const gauge = gaugeId.peek()
    const sensor = flowSensor.peek()
    if (gauge !== null && seen.has(gauge)) rain.refresh()
    if (sensor !== null && seen.has(sensor)) flow.refresh()
    if (city.pondingPoints.some((point) => seen.has(point.sensor))) ponding.refresh()
    for (const part of results) part.refresh()
  }

  return {
    city,
    series,
    chosen,
    follow,
    outfallId,
    gaugeId,
    scope,
    nowMs,
    outfall,
    gauges,
    span,
    stepMs,
    flowSensor,
    latest,
    newestMs,
    rain,
    flow,
    ponding,
    events,
    runoff,
    capture,
    pondingResults,
    devices,
    refusals,
    ledger,
    booksSpan,
    csvUrl: (id) => api.csvUrl(id, span.value),
    listener: {
      observed,
      reset: () => {
        for (const part of [...charts, ...results, ...house, first]) part.refresh()
      },
    },
    stop: () => {
      clearInterval(ticking)
      for (const forget of [forgetHeld, forgetAddress, forgetFirst]) forget()
      for (const part of [...charts, ...results, ...house, first]) part.stop()
    },
  }
}

function known(id: string | null, among: readonly { readonly id: string }[]): string | null {
  return among.some((item) => item.id === id) ? id : null
}

/** A metered outfall if there is one: it has most to show. */
function firstOutfall(city: City): string | null {
  const metered = city.outfalls.find((outfall) =>
    outfall.metering.some(({ state, to }) => state === 'metered' && to === undefined),
  )
  return (metered ?? city.outfalls[0])?.id ?? null
}

/** The gauge with the greatest weight in the outfall's first catchment. */
export function mainGauge(
  city: City,
  outfall: Outfall | null,
  gauges: readonly string[],
): string | null {
  const catchment = city.catchments.find(({ id }) => id === outfall?.catchments[0])
  const heaviest = catchment?.gauges.reduce((a, b) => (b.weight > a.weight ? b : a))
  return heaviest?.sensor ?? gauges[0] ?? null
}

function newer(
  held: ReadonlyMap<string, Latest>,
  arrived: readonly Latest[],
): ReadonlyMap<string, Latest> {
  const next = new Map(held)
  for (const observation of arrived) {
    const before = next.get(observation.series)
    if (before === undefined || observation.atMs >= before.atMs) {
      next.set(observation.series, observation)
    }
  }
  return next
}
