import type { Text } from '../api/contract.js'
import { useLocale } from '../i18n/locale.js'

/** How much of what was needed was valid, as a bar and a number. */
export function Coverage({ share, basis }: { readonly share: number; readonly basis?: Text }) {
  const words = useLocale()
  const said = words.t('indicator.coverage', { share: words.percent(share, 1) })
  return (
    <div class="coverage">
      <meter class="coverage-bar" min={0} max={1} value={share} aria-label={said} />
      <span class="coverage-text">
        {said}
        {basis !== undefined && <span class="muted"> · {words.text(basis)}</span>}
      </span>
    </div>
  )
}
