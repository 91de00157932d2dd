import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { City, Series } from '../api/contract.js'
import type { Loaded, Resource } from '../api/resource.js'
import type { LiveState } from '../api/live.js'
import { locale, LocaleProvider } from '../i18n/locale.js'
import { faultText } from '../parts/answer.js'
import type { Assessment } from '../state/assessment.js'
import type { Places } from '../state/place.js'
import type { Settings } from '../state/settings.js'
import type { Storm } from '../state/storm.js'
import { AssessmentView } from './assessment/assessment-view.js'
import { Header } from './header.js'
import { StormView } from './storm-view.js'

/** What every page needs of the city. */
export interface Opened {
  readonly city: City
  readonly series: readonly Series[]
}

export interface AppProps {
  readonly settings: Settings
  readonly places: Places
  readonly live: ReadonlySignal<LiveState>
  /** The city and its series; no page can begin without. */
  readonly opened: Resource<Opened>
  /** Null while another page is looked at. */
  readonly storm: ReadonlySignal<Storm | null>
  /** Null before it was first looked at. */
  readonly assessment: ReadonlySignal<Assessment | null>
}

/** The frame of every page: language, zone, header; and what is shown while there is no city yet. */
export function App(props: AppProps) {
  const { settings, places, opened } = props
  const loaded: Loaded<Opened> = opened.state.value
  const city = loaded.data?.city ?? null
  const zone = city?.city.timeZone ?? 'UTC'
  const lang = settings.lang.value
  const place = places.now.value
  const storm = props.storm.value
  const assessment = props.assessment.value
  const words = useMemo(() => locale(lang, zone), [lang, zone])

  useEffect(() => {
    document.documentElement.lang = words.tag
    const name = city === null ? [] : [words.text(city.city.name)]
    document.title = [...name, words.t(`page.${place}`), '雨账 Rainledger'].join(' · ')
  }, [words, city, place])

  return (
    <LocaleProvider value={words}>
      <a class="skip" href="#main">
        {words.t('app.skip')}
      </a>
      <Header
        settings={settings}
        places={places}
        live={props.live.value}
        city={city}
        storm={storm}
        isAssessing={assessment?.running.value !== null && assessment !== null}
      />
      {place === 'storm' && storm !== null ? (
        <StormView storm={storm} theme={settings.theme.value} />
      ) : place === 'assessment' && assessment !== null ? (
        <AssessmentView assessment={assessment} />
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
