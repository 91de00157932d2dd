import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLocale, type Locale } from '../../i18n/locale.js'
import { faultText } from '../../parts/answer.js'
import type { Assessment, Running } from '../../state/assessment.js'
import type { Choice } from '../../state/choice.js'

/** That it works, on what, since when; or why there is no answer. */
export function AssessmentProgress({ assessment }: { readonly assessment: Assessment }) {
  const words = useLocale()
  const running = assessment.running.value
  const waiting = assessment.waiting.value
  const fault = assessment.fault.value
  const choice = assessment.choice.value
  const shown = assessment.shown.value
  const origin = shown?.origin
  const kept =
    origin?.kind === 'kept'
      ? assessment.keptList.state.value.data?.items.find(({ id }) => id === origin.id)
      : undefined
  const isOther = shown !== null && shown.document.city.id !== assessment.city.city.id
  return (
    <>
      <div role="status">
        {running !== null && (
          <div
            class="notice working"
            data-assessing={
              running.choice.kind === 'new' ? running.choice.scheme : running.choice.id
            }
          >
            <div>
              <p class="strong">
                {words.t('assess.working', { what: choiceText(running.choice, words) })}
              </p>
              <p>{words.t('assess.workingHint')}</p>
              {waiting !== null && (
                <p>{words.t('assess.waiting', { what: choiceText(waiting, words) })}</p>
              )}
            </div>
            <Elapsed running={running} />
            <progress class="working-bar" aria-label={words.t('assess.running')} />
          </div>
        )}
        {running === null && shown !== null && (
          <>
            <p class="unseen">
              {words.t('assess.done', {
                verdict: words.t(`verdict.${shown.document.overall.verdict}`),
              })}
            </p>
            {kept !== undefined && (
              <div class="notice">
                <p>
                  {words.t('kept.shown', {
                    n: kept.version,
                    person: kept.person,
                    time: words.fullTime(kept.keptMs),
                    reason: kept.reason,
                  })}
                </p>
              </div>
            )}
            {shown.origin.kind === 'file' && (
              <div class="notice">
                <p>
                  {words.t('assess.opened', { file: shown.origin.name })}{' '}
                  {isOther && words.t('assess.otherCity', { zone: words.zone })}
                </p>
              </div>
            )}
          </>
        )}
      </div>
      {fault !== null && choice !== null && (
        <div class="notice notice-fail" role="alert">
          <p>{words.t('assess.fault', { reason: faultText(fault, words) })}</p>
          <button type="button" class="button" onClick={() => assessment.ask(choice)}>
            {words.t('state.retry')}
          </button>
        </div>
      )}
    </>
  )
}

/** Counts silently: screen readers hear that it works, not each second of it. */
function Elapsed({ running }: { readonly running: Running }) {
  const words = useLocale()
  const nowMs = useSignal(Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      nowMs.value = Date.now()
    }, 1_000)
    return () => clearInterval(timer)
  }, [nowMs])
  const seconds = Math.max(0, Math.floor((nowMs.value - running.sinceMs) / 1_000))
  return (
    <span class="working-time" aria-hidden="true">
      {words.t('unit.seconds', { n: seconds })}
    </span>
  )
}

function choiceText(choice: Choice, words: Locale): string {
  if (choice.kind === 'kept') return words.t('kept.one', { id: choice.id })
  const { first, last } = choice.days
  return `${choice.scheme} · ${words.t('window.shown', { from: first, to: last })}`
}
