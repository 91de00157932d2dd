import type { ComponentChildren } from 'preact'
import { ApiFault } from '../api/client.js'
import type { Resource } from '../api/resource.js'
import { useLocale, type Locale } from '../i18n/locale.js'

export interface AnswerProps<T> {
  readonly of: Resource<T>
  /** About as high as the content will be, so that nothing jumps: rem. */
  readonly lines?: 'few' | 'many'
  readonly children: (data: T) => ComponentChildren
}

/**
 * Shows an answer of the API in whatever state it is: a quiet skeleton before the first data,
 * the reason and a way to try again when there are none, older data with a warning when newer
 * could not be had.
 */
export function Answer<T>({ of, lines = 'few', children }: AnswerProps<T>) {
  const words = useLocale()
  const loaded = of.state.value
  if (loaded.status === 'ready') return <>{children(loaded.data)}</>
  if (loaded.status === 'loading') {
    if (loaded.data !== null) return <>{children(loaded.data)}</>
    return (
      <div class={`skeleton skeleton-${lines}`} role="status">
        <span class="unseen">{words.t('state.loading')}</span>
      </div>
    )
  }
  const kept = loaded.data
  return (
    <>
      <div class="notice notice-fail" role="alert">
        <p>
          {words.t(kept === null ? 'state.error' : 'state.errorKept', {
            reason: faultText(loaded.error, words),
          })}
        </p>
        <button type="button" class="button" onClick={() => of.refresh()}>
          {words.t('state.retry')}
        </button>
      </div>
      {kept !== null && children(kept)}
    </>
  )
}

/** Why an answer could not be had, in the reader's language as far as the page knows it. */
export function faultText(error: Error, words: Locale): string {
  if (error instanceof ApiFault && error.problem.status === 0) return words.t('state.unreachable')
  return error.message
}
