import type { VerdictCode } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'

const SIGNS: Readonly<Record<VerdictCode, string>> = {
  PASS: '✓',
  FAIL: '✕',
  CONDITIONAL: '◐',
  NOT_EVALUATED: '?',
  NOT_APPLICABLE: '–',
}

/** A verdict as sign, word and colour: never by colour alone. */
export function Verdict({ code }: { readonly code: VerdictCode }) {
  const words = useLocale()
  return (
    <span class={`chip verdict-${code}`} data-verdict={code}>
      <span class="chip-sign" aria-hidden="true">
        {SIGNS[code]}
      </span>
      {words.t(`verdict.${code}`)}
    </span>
  )
}
