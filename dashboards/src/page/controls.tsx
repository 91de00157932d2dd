import { useSignal } from '@preact/signals'
import { instantOf, wallClock } from '../i18n/city-time.js'
import { useLocale } from '../i18n/locale.js'
import { Field, Form, SelectField } from '../parts/field.js'
import { Segmented } from '../parts/segmented.js'
import { mainGauge, type Storm } from '../state/storm.js'
import { LAST_HOURS } from '../state/window.js'

/** What to look at: window, outfall, gauge. */
export function Controls({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const chosen = storm.chosen.value
  const picked = chosen.kind === 'last' ? `${chosen.hours}` : 'between'
  const isOpen = useSignal(false)
  const { city } = storm
  const span = chosen.kind === 'between' ? chosen : { fromMs: 0, toMs: 0 }

  const choose = (value: string): void => {
    const hours = LAST_HOURS.find((hours) => `${hours}` === value)
    isOpen.value = hours === undefined && !isOpen.value
    if (hours !== undefined) storm.chosen.value = { kind: 'last', hours }
  }

  return (
    <div class="controls">
      <div class="controls-row">
        <div class="field">
          <span class="field-label" aria-hidden="true">
            {words.t('window.title')}
          </span>
          <Segmented
            label={words.t('window.title')}
            value={isOpen.value ? 'between' : picked}
            options={[
              { value: '3', label: words.t('window.3h') },
              { value: '24', label: words.t('window.24h') },
              { value: '168', label: words.t('window.7d') },
              { value: 'between', label: words.t('window.between') },
            ]}
            onChoose={choose}
          />
        </div>
        {chosen.kind === 'last' && (
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              checked={storm.follow.value}
              onChange={(event) => {
                storm.follow.value = event.currentTarget.checked
              }}
            />
            {words.t('window.follow')}
          </label>
        )}
        <div class="controls-places">
          <SelectField
            label={words.t('select.outfall')}
            value={storm.outfallId.value}
            options={city.outfalls.map((outfall) => ({
              value: outfall.id,
              label: words.t('select.outfallOf', {
                outfall: words.text(outfall.name),
                catchments: outfall.catchments
                  .map((id) => city.catchments.find((catchment) => catchment.id === id))
                  .map((catchment) => (catchment === undefined ? '' : words.text(catchment.name)))
                  .join('、'),
              }),
            }))}
            onChoose={(id) => {
              storm.outfallId.value = id
              storm.gaugeId.value = mainGauge(city, storm.outfall.peek(), storm.gauges)
            }}
          />
          <SelectField
            label={words.t('select.gauge')}
            value={storm.gaugeId.value}
            options={storm.gauges.map((id) => ({
              value: id,
              label: gaugeName(storm, id, words.lang),
            }))}
            onChoose={(id) => {
              storm.gaugeId.value = id
            }}
          />
        </div>
      </div>
      {isOpen.value && <Between key={`${span.fromMs} ${span.toMs}`} storm={storm} />}
    </div>
  )
}

/** `Old Town station · RG-01.rain` */
export function gaugeName(storm: Storm, id: string, lang: 'zh' | 'en'): string {
  const station = storm.series.get(id)?.station
  const found = storm.city.stations.find((candidate) => candidate.id === station)
  return found === undefined ? id : `${found.name[lang]} · ${id}`
}

/** From–to in the city's wall-clock time. */
function Between({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const now = storm.span.peek()
  const from = useSignal(wallClock(words.zone, now.fromMs))
  const to = useSignal(wallClock(words.zone, now.toMs))
  const fault = useSignal<string | undefined>(undefined)

  const submit = (): void => {
    const fromMs = instantOf(words.zone, from.value)
    const toMs = instantOf(words.zone, to.value)
    if (fromMs === null || toMs === null) {
      fault.value = words.t('window.unreadable')
      return
    }
    if (toMs <= fromMs) {
      fault.value = words.t('window.wrongOrder')
      return
    }
    fault.value = undefined
    storm.chosen.value = { kind: 'between', fromMs, toMs }
  }

  return (
    <Form label={words.t('window.between')} submit={words.t('window.apply')} onSubmit={submit}>
      <Field label={words.t('window.from')}>
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={from.value}
            onInput={(event) => {
              from.value = event.currentTarget.value
            }}
          />
        )}
      </Field>
      <Field
        label={words.t('window.to')}
        hint={words.t('window.timesIn', { zone: words.zone })}
        fault={fault.value}
      >
        {(control) => (
          <input
            {...control}
            type="datetime-local"
            value={to.value}
            onInput={(event) => {
              to.value = event.currentTarget.value
            }}
          />
        )}
      </Field>
    </Form>
  )
}
