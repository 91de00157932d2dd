import { signal, type ReadonlySignal } from '@preact/signals'

/** The pages there are, by the paths the service answers with the same file. */
const PATHS = { storm: '/', assessment: '/assessment' } as const
export type Place = keyof typeof PATHS

/** Which page is shown. Each keeps its own address while another one is looked at. */
export interface Places {
  readonly now: ReadonlySignal<Place>
  /** The address a page would open with. */
  href(place: Place): string
  go(place: Place): void
}

export function openPlaces(): Places {
  const now = signal<Place>(placeOf(location.pathname))
  const left = new Map<Place, string>()

  /** The language is the reader's, not the page's: it goes along. */
  function href(place: Place): string {
    if (place === now.peek()) return location.pathname + location.search
    const query = new URLSearchParams(left.get(place) ?? '')
    const lang = new URLSearchParams(location.search).get('lang')
    if (lang !== null) query.set('lang', lang)
    const search = query.toString()
    return search === '' ? PATHS[place] : `${PATHS[place]}?${search}`
  }

  addEventListener('popstate', () => {
    now.value = placeOf(location.pathname)
  })

  return {
    now,
    href,
    go: (place) => {
      if (place === now.peek()) return
      const next = href(place)
      left.set(now.peek(), location.search)
      history.pushState(null, '', next)
      now.value = place
      scrollTo(0, 0)
    },
  }
}

/** Storm for whatever is no page: the service answers nothing else. */
export function placeOf(path: string): Place {
  return path === PATHS.assessment ? 'assessment' : 'storm'
}
