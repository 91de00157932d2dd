import { render } from 'preact'
import { apiClient } from './api/client.js'
import { followLive } from './api/live.js'
import { resource } from './api/resource.js'
import { App } from './page/app.js'
import { openSettings } from './state/settings.js'
import { openStorm } from './state/storm.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/page.css'

const API = '/api/v1'
const RETRY_EVERY_MS = 2_000

/** Opens the stream before anything is read, so that nothing falls between. */
function start(root: HTMLElement): void {
  const api = apiClient(API)
  const opened = resource(RETRY_EVERY_MS, () => async (stop) => {
    const [city, series] = await Promise.all([api.city(stop), api.series(stop)])
    return openStorm(city, series.items, api)
  })
  const live = followLive(`${API}/live`, {
    observed: (event) => opened.state.peek().data?.listener.observed(event),
    reset: () => opened.state.peek().data?.listener.reset(),
  })
  render(<App settings={openSettings()} live={live.state} opened={opened} />, root)
}

const root = document.getElementById('page')
if (root === null) throw new Error('index.html has no element with id "page"')
start(root)
