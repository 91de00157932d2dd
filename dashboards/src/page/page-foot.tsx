import { useLocale } from '../i18n/locale.js'

/** Whose the figures are, and by which registry; the same under every page. */
export function PageFoot({ registry }: { readonly registry: string }) {
  const words = useLocale()
  return (
    <footer class="page-foot">
      <p>{words.t('foot.text')}</p>
      <p>
        <span title={registry}>{words.t('foot.registry', { hash: registry.slice(0, 12) })}</span> ·{' '}
        <a href="/docs">{words.t('app.contract')}</a>
      </p>
    </footer>
  )
}
