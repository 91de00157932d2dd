import { computed, effect, signal, untracked } from '@preact/signals'
import { render } from 'preact'
import { apiClient } from './api/client.js'
import { followLive } from './api/live.js'
import { resource } from './api/resource.js'
import { App } from './page/app.js'
import { openAssessment, type Assessment } from './state/assessment.js'
import { openPlaces } from './state/place.js'
import { openSettings } from './state/settings.js'
import { openStorm, type Storm } from './state/storm.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/page.css'
import './styles/assessment.css'
import './styles/print.css'

const API = '/api/v1'
const RETRY_EVERY_MS = 2_000

/** Opens the stream before anything is read, so that nothing falls between. */
function start(root: HTMLElement): void {
  const api = apiClient(API)
  const settings = openSettings()
  const places = openPlaces()
  const opened = resource(RETRY_EVERY_MS, () => async (stop) => {
    const [city, series] = await Promise.all([api.city(stop), api.series(stop)])
    return { city, series: series.items }
  })
  const storm = signal<Storm | null>(null)
  const assessment = signal<Assessment | null>(null)
  const known = computed(() => opened.state.value.data)
  // The storm asks without end, so it lives while it is looked at; an assessment works on meanwhile.
  effect(() => {
    const found = known.value
    const place = places.now.value
    if (found === null) return undefined
    return untracked(() => {
      if (place === 'assessment') {
        assessment.value ??= openAssessment(found.city, api)
        return undefined
      }
      const shown = openStorm(found.city, found.series, api)
      storm.value = shown
      return () => {
        shown.stop()
        storm.value = null
      }
    })
  })
  const live = followLive(`${API}/live`, {
    observed: (event) => storm.peek()?.listener.observed(event),
    reset: () => storm.peek()?.listener.reset(),
  })
  render(
    <App
      settings={settings}
      places={places}
      live={live.state}
      opened={opened}
      storm={storm}
      assessment={assessment}
    />,
    root,
  )
}

const root = document.getElementById('page')
if (root === null) throw new Error('index.html has no element with id "page"')
start(root)
