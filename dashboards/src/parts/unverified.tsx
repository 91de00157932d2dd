import { useLocale } from '../i18n/locale.js'

/** The tag of what rests on a text that nobody has read in the original. */
export function Unverified() {
  const words = useLocale()
  return <span class="unverified">{words.t('mark.unverified')}</span>
}
