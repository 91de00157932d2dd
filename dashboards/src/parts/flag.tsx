import type { Flag } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'

/** A QARTOD flag: number and word. */
export function FlagMark({ flag }: { readonly flag: Flag }) {
  const words = useLocale()
  return (
    <span class={`flag flag-${flag}`} title={`QARTOD ${flag}`}>
      {words.t(`flag.${flag}`)}
    </span>
  )
}
