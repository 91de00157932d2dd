import type { ComponentChildren } from 'preact'
import type { Latest, LedgerSums } from '../api/contract.js'
import { useLocale, type MessageKey } from '../i18n/locale.js'
import { FlagMark } from '../parts/flag.js'
import { Verdict } from '../parts/verdict.js'
import type { Storm } from '../state/storm.js'

interface TileProps {
  readonly id: string
  readonly title: string
  readonly href: string
  readonly value: ComponentChildren
  readonly unit?: string
  readonly children?: ComponentChildren
}

/** One number that answers one question, with its unit, its time and how far to trust it. */
function Tile({ id, title, href, value, unit, children }: TileProps) {
  return (
    <li class="tile" data-tile={id}>
      <h3>
        <a href={href}>{title}</a>
      </h3>
      <p class="tile-value">
        {value}
        {unit !== undefined && unit !== '' && <span class="tile-unit"> {unit}</span>}
      </p>
      <div class="tile-facts">{children}</div>
    </li>
  )
}

/** How the city stands now, in six numbers. */
export function Summary({ storm }: { readonly storm: Storm }) {
  return (
    <ul class="summary">
      <RainTile storm={storm} />
      <FlowTile storm={storm} />
      <PondingTile storm={storm} />
      <CaptureTile storm={storm} />
      <DevicesTile storm={storm} />
      <BooksTile storm={storm} />
    </ul>
  )
}

function RainTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const event = storm.events.state.value.data?.at(-1)
  return (
    <Tile
      id="rain"
      title={words.t('now.rain')}
      href="#events"
      value={event === undefined ? '—' : words.number(event.depthMm)}
      unit={event === undefined ? '' : 'mm'}
    >
      {event === undefined ? (
        words.t('now.noRain')
      ) : (
        <>
          {words.dateTime(event.fromMs)} · {words.duration(event.durationMs)}{' '}
          <FlagMark flag={event.worstFlag} />
        </>
      )}
    </Tile>
  )
}

function FlowTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const sensor = storm.flowSensor.value
  const latest = sensor === null ? undefined : storm.latest.value.get(sensor)
  return (
    <Tile
      id="flow"
      title={words.t('now.flow')}
      href="#chart"
      value={latest === undefined ? '—' : words.number(latest.value, 3)}
      unit={latest === undefined ? '' : words.unit(latest.unit)}
    >
      {sensor === null ? words.t('now.unmetered') : <Seen storm={storm} latest={latest} />}
    </Tile>
  )
}

function PondingTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const seen = storm.city.pondingPoints.flatMap((point) => {
    const latest = storm.latest.value.get(point.sensor)
    return latest === undefined || latest.value === null
      ? []
      : [{ point, latest, mm: latest.value }]
  })
  const deepest = seen.length === 0 ? null : seen.reduce((a, b) => (b.mm > a.mm ? b : a))
  return (
    <Tile
      id="ponding"
      title={words.t('now.ponding')}
      href="#ponding"
      value={deepest === null ? '—' : words.number(deepest.mm / 10)}
      unit={deepest === null ? '' : 'cm'}
    >
      {deepest === null ? (
        storm.city.pondingPoints.length === 0 && words.t('now.noPonding')
      ) : (
        <>
          {deepest.mm > 0 && <span>{words.text(deepest.point.name)}</span>}
          <Seen storm={storm} latest={deepest.latest} />
        </>
      )}
    </Tile>
  )
}

function CaptureTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const result = storm.capture.state.value.data
  return (
    <Tile
      id="capture"
      title={words.t('now.capture')}
      href="#capture"
      value={result === null ? '—' : words.percent(result.value, 1)}
    >
      {result !== null && (
        <>
          <Verdict code={result.verdict} />
          {result.coverage !== null &&
            words.t('indicator.coverage', { share: words.percent(result.coverage.share) })}
        </>
      )}
    </Tile>
  )
}

function DevicesTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const all = storm.devices.state.value.data
  const devices = all?.filter(({ state }) => state !== 'removed')
  const online = devices?.filter(({ state }) => state === 'online').length ?? 0
  const quiet = (devices?.length ?? 0) - online
  return (
    <Tile
      id="devices"
      title={words.t('now.devices')}
      href="#devices"
      value={devices === undefined ? '—' : words.number(online, 0)}
      unit={devices === undefined ? '' : words.t('now.devicesOf', { n: devices.length })}
    >
      {quiet === 0 ? words.t('now.devicesAll') : words.t('now.devicesQuiet', { n: quiet })}
    </Tile>
  )
}

function BooksTile({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const ledger = storm.ledger.state.value.data
  return (
    <Tile
      id="books"
      title={words.t('now.books')}
      href="#ledger"
      value={ledger === null ? '—' : words.t(booksWord(ledger))}
    >
      {ledger !== null && words.t('now.received', { n: words.number(ledger.totals.received, 0) })}
    </Tile>
  )
}

function booksWord({ closes, missing }: LedgerSums): MessageKey {
  if (closes) return 'now.booksClose'
  return missing.length > 0 ? 'now.booksIncomplete' : 'now.booksOpen'
}

/** When an observation was made, and its flag. */
function Seen({ storm, latest }: { readonly storm: Storm; readonly latest: Latest | undefined }) {
  const words = useLocale()
  if (latest === undefined) return <>{words.t('live.none')}</>
  return (
    <>
      <time data-at={latest.atMs}>{words.moment(latest.atMs, storm.nowMs.value)}</time>{' '}
      <FlagMark flag={latest.flag} />
    </>
  )
}
