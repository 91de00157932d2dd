import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { useLocale } from '../../i18n/locale.js'
import { Answer } from '../../parts/answer.js'
import { Field, Form, SelectField } from '../../parts/field.js'
import { Segmented } from '../../parts/segmented.js'
import type { Assessment } from '../../state/assessment.js'
import {
  calendarYear,
  kindOf,
  lastThirtyDays,
  lastYear,
  spanOf,
  WINDOW_KINDS,
  type Days,
  type WindowKind,
} from '../../state/days.js'

/** Calendar years offered; an older one is two days of the free window. */
const YEARS_OFFERED = 10

/** What to assess: by which scheme, over which days; or a kept answer instead. */
export function AssessmentControls({ assessment }: { readonly assessment: Assessment }) {
  const words = useLocale()
  const { today, choice } = assessment
  const asked = choice.peek()
  const first = asked?.kind === 'new' ? asked : null
  const days = useSignal<Days>(first?.days ?? lastThirtyDays(today))
  const kind = useSignal<WindowKind>(kindOf(days.peek(), today))
  const scheme = useSignal<string | null>(first?.scheme ?? null)
  const isWrong = useSignal(false)
  const lastWhole = Number(today.slice(0, 4)) - 1

  const choose = (next: WindowKind): void => {
    kind.value = next
    isWrong.value = false
    if (next === '30d') days.value = lastThirtyDays(today)
    if (next === 'year') days.value = lastYear(today)
    if (next === 'calendar') days.value = calendarYear(lastWhole)
  }
  const submit = (otherwise: string | undefined): void => {
    const chosen = scheme.value ?? otherwise
    isWrong.value = spanOf(words.zone, days.value) === null
    if (chosen === undefined || isWrong.value) return
    assessment.ask({ kind: 'new', scheme: chosen, days: days.value })
  }

  return (
    <div class="assess-controls">
      <Answer of={assessment.schemes}>
        {(schemes) => (
          <Form
            label={words.t('assess.form')}
            submit={words.t('assess.ask')}
            onSubmit={() => submit(schemes[0]?.id)}
          >
            <SelectField
              label={words.t('assess.scheme')}
              value={scheme.value ?? schemes[0]?.id ?? null}
              options={schemes.map(({ id, name, document, edition }) => ({
                value: id,
                label: `${words.text(name)} · ${document ?? id} (${edition})`,
              }))}
              onChoose={(id) => {
                scheme.value = id
              }}
            />
            <div class="field">
              <span class="field-label" aria-hidden="true">
                {words.t('window.title')}
              </span>
              <Segmented
                label={words.t('window.title')}
                value={kind.value}
                options={WINDOW_KINDS.map((value) => ({
                  value,
                  label: words.t(`assess.window.${value}`),
                }))}
                onChoose={choose}
              />
              <p class="field-hint">
                {words.t('assess.days', {
                  first: days.value.first,
                  last: days.value.last,
                  zone: words.zone,
                })}
              </p>
            </div>
            {kind.value === 'calendar' && (
              <SelectField
                label={words.t('assess.year')}
                value={days.value.first.slice(0, 4)}
                options={Array.from({ length: YEARS_OFFERED }, (_, i) => ({
                  value: String(lastWhole - i),
                  label: String(lastWhole - i),
                }))}
                onChoose={(year) => {
                  days.value = calendarYear(Number(year))
                }}
              />
            )}
            {kind.value === 'free' && (
              <>
                <DayField
                  label={words.t('assess.first')}
                  value={days.value.first}
                  onInput={(first) => {
                    days.value = { ...days.value, first }
                  }}
                />
                <DayField
                  label={words.t('assess.last')}
                  value={days.value.last}
                  fault={isWrong.value ? words.t('assess.wrongDays') : undefined}
                  onInput={(last) => {
                    days.value = { ...days.value, last }
                  }}
                />
              </>
            )}
          </Form>
        )}
      </Answer>
      <KeptFile assessment={assessment} />
    </div>
  )
}

interface DayFieldProps {
  readonly label: string
  readonly value: string
  readonly fault?: string | undefined
  readonly onInput: (day: string) => void
}

function DayField({ label, value, fault, onInput }: DayFieldProps) {
  return (
    <Field label={label} fault={fault}>
      {(control) => (
        <input
          {...control}
          type="date"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** Opens an answer that was kept: downloaded here, or written by `rainledger assess --out`. */
function KeptFile({ assessment }: { readonly assessment: Assessment }) {
  const words = useLocale()
  const id = useId()
  const fault = useSignal<string | null>(null)
  return (
    <div class="kept-file">
      <label class="button" for={id}>
        {words.t('assess.open')}
      </label>
      <input
        id={id}
        class="unseen"
        type="file"
        accept=".json,application/json"
        onChange={(event) => {
          const input = event.currentTarget
          const [file] = input.files ?? []
          if (file === undefined) return
          void assessment.open(file).then((wrong) => {
            fault.value =
              wrong === null
                ? null
                : words.t('assess.openFault', { file: file.name, reason: wrong })
            // The same file may be chosen again.
            input.value = ''
            return wrong
          })
        }}
      />
      {fault.value !== null && (
        <p class="field-fault" role="alert">
          {fault.value}
        </p>
      )}
    </div>
  )
}
