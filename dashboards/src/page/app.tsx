import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Loaded, Resource } from '../api/resource.js'
import type { LiveState } from '../api/live.js'
import { locale, LocaleProvider } from '../i18n/locale.js'
import { faultText } from '../parts/answer.js'
import type { Settings } from '../state/settings.js'
import type { Storm } from '../state/storm.js'
import { Header } from './header.js'
import { StormView } from './storm-view.js'

export interface AppProps {
  readonly settings: Settings
  readonly live: ReadonlySignal<LiveState>
  /** The city and its series; the page cannot begin without. */
  readonly opened: Resource<Storm>
}

/** The frame of every page: language, zone, header; and what is shown while there is no city yet. */
export function App({ settings, live, opened }: AppProps) {
  const loaded: Loaded<Storm> = opened.state.value
  const storm = loaded.data
  const zone = storm?.city.city.timeZone ?? 'UTC'
  const lang = settings.lang.value
  const words = useMemo(() => locale(lang, zone), [lang, zone])

  useEffect(() => {
    document.documentElement.lang = words.tag
    const city = storm === null ? [] : [words.text(storm.city.city.name)]
    document.title = [...city, words.t('app.page'), '雨账 Rainledger'].join(' · ')
  }, [words, storm])

  return (
    <LocaleProvider value={words}>
      <a class="skip" href="#main">
        {words.t('app.skip')}
      </a>
      <Header settings={settings} live={live.value} storm={storm} />
      {storm !== null ? (
        <StormView storm={storm} theme={settings.theme.value} />
      ) : (
        <main id="main" class="no-city">
          {loaded.status === 'error' ? (
            <div class="notice notice-fail" role="alert">
              <p>
                {words.t('state.noRegistry')}: {faultText(loaded.error, words)}
              </p>
              <button type="button" class="button" onClick={() => opened.refresh()}>
                {words.t('state.retry')}
              </button>
            </div>
          ) : (
            <div class="skeleton skeleton-chart" role="status">
              <span class="unseen">{words.t('state.loading')}</span>
            </div>
          )}
        </main>
      )}
    </LocaleProvider>
  )
}
