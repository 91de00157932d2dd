import type { City } from '../api/contract.js'
import type { LiveState } from '../api/live.js'
import { LANGUAGES, useLocale, type Language } from '../i18n/locale.js'
import { Segmented } from '../parts/segmented.js'
import type { Place, Places } from '../state/place.js'
import type { Settings } from '../state/settings.js'
import type { Storm } from '../state/storm.js'

const PLACES: readonly Place[] = ['storm', 'assessment']

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { zh: '中文', en: 'English' }

/** No observation of the whole city for this long is said: sensors report at least hourly. */
const STALE_AFTER_MS = 3_600_000

export interface HeaderProps {
  readonly settings: Settings
  readonly places: Places
  readonly live: LiveState
  /** Absent while it is not known yet. */
  readonly city: City | null
  /** Absent where nothing on the page is live. */
  readonly storm: Storm | null
  /** An assessment is being computed, whichever page is looked at. */
  readonly isAssessing: boolean
}

/** Whose pages these are, which there are, whether this one is live, and how the reader wants it. */
export function Header({ settings, places, live, city, storm, isAssessing }: HeaderProps) {
  const words = useLocale()
  const isDark = settings.theme.value === 'dark'
  return (
    <header class="page-head">
      <div class="brand">
        <Mark />
        <p class="brand-name">
          <span lang="zh">雨账</span> <span lang="en">Rainledger</span>
        </p>
      </div>
      <div class="page-title">
        <h1>{city === null ? words.t('app.name') : words.text(city.city.name)}</h1>
        <p class="muted">{words.t('live.zone', { zone: words.zone })}</p>
      </div>
      <nav class="page-nav" aria-label={words.t('page.all')}>
        {PLACES.map((place) => (
          <a
            key={place}
            href={places.href(place)}
            aria-current={place === places.now.value ? 'page' : undefined}
            onClick={(event) => {
              // A new tab or window is the browser's affair.
              if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
              event.preventDefault()
              places.go(place)
            }}
          >
            {words.t(`page.${place}`)}
            {place === 'assessment' && isAssessing && (
              <span class="page-nav-state">{words.t('assess.running')}</span>
            )}
          </a>
        ))}
      </nav>
      <div class="page-head-end">
        {storm !== null && <LiveMark live={live} storm={storm} />}
        <Segmented
          label={words.t('lang.switch')}
          value={settings.lang.value}
          options={LANGUAGES.map((lang) => ({ value: lang, label: LANGUAGE_NAMES[lang], lang }))}
          onChoose={(lang) => {
            settings.lang.value = lang
          }}
        />
        <button
          type="button"
          class="button button-icon"
          aria-label={words.t(isDark ? 'theme.toLight' : 'theme.toDark')}
          title={words.t(isDark ? 'theme.toLight' : 'theme.toDark')}
          onClick={() => settings.chooseTheme(isDark ? 'light' : 'dark')}
        >
          <span aria-hidden="true">{isDark ? '☀' : '☾'}</span>
        </button>
      </div>
    </header>
  )
}

/** State of the stream, and time of the newest observation. */
function LiveMark({ live, storm }: { readonly live: LiveState; readonly storm: Storm }) {
  const words = useLocale()
  const newestMs = storm.newestMs.value
  const nowMs = storm.nowMs.value
  const silentMs = newestMs === null ? 0 : nowMs - newestMs
  const isStale = live === 'open' && silentMs > STALE_AFTER_MS
  return (
    <div class="live" data-live={isStale ? 'stale' : live}>
      <p class="live-state" role="status">
        <span class="live-dot" aria-hidden="true" />
        {words.t(`live.${live}`)}
      </p>
      <p class="live-facts">
        {newestMs === null ? (
          words.t('live.none')
        ) : isStale ? (
          <strong>{words.t('live.stale', { ago: words.duration(silentMs) })}</strong>
        ) : (
          <span data-newest={newestMs}>
            {words.t('live.last', { time: words.moment(newestMs, nowMs) })}
          </span>
        )}
      </p>
    </div>
  )
}

/** Rain hanging over flow. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="mark-ground" />
      <path d="M7 5v5M12 5v9M17 5v7M22 5v4" class="mark-rain" />
      <path d="M5 26c5 0 6-8 10-8s5 6 12 7" class="mark-flow" />
    </svg>
  )
}
