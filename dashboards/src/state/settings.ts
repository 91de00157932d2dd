import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import { LANGUAGES, type Language } from '../i18n/locale.js'

export type Theme = 'light' | 'dark'

/** What the reader chose for himself: kept in this browser, the language in the address too. */
export interface Settings {
  readonly lang: Signal<Language>
  /** What is shown now: the reader's choice, else the system's. */
  readonly theme: ReadonlySignal<Theme>
  chooseTheme(theme: Theme): void
}

const LANG_KEY = 'rainledger.lang'
const THEME_KEY = 'rainledger.theme'

/** `?lang=` wins, then what was chosen before, then the browser's language. */
export function openSettings(): Settings {
  const lang = signal<Language>(firstLanguage())
  const system = matchMedia('(prefers-color-scheme: dark)')
  const systemTheme = signal<Theme>(system.matches ? 'dark' : 'light')
  system.addEventListener('change', () => {
    systemTheme.value = system.matches ? 'dark' : 'light'
  })
  const chosen = signal<Theme | null>(themeOf(read(THEME_KEY)))
  const theme = computed(() => chosen.value ?? systemTheme.value)

  effect(() => {
    if (chosen.value === null) return
    document.documentElement.dataset['theme'] = chosen.value
    write(THEME_KEY, chosen.value)
  })
  effect(() => {
    write(LANG_KEY, lang.value)
    const url = new URL(location.href)
    url.searchParams.set('lang', lang.value)
    history.replaceState(null, '', url)
  })

  return {
    lang,
    theme,
    chooseTheme: (next) => {
      chosen.value = next
    },
  }
}

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang')
  for (const candidate of [asked, read(LANG_KEY), navigator.language.slice(0, 2)]) {
    const found = LANGUAGES.find((lang) => lang === candidate)
    if (found !== undefined) return found
  }
  return 'zh'
}

function themeOf(text: string | null): Theme | null {
  return text === 'light' || text === 'dark' ? text : null
}

/** Storage may be forbidden (private windows, policy); the page then forgets, and works. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    // Forbidden storage holds nothing.
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Forbidden storage: the choice lasts as long as the page.
  }
}
