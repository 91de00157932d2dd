import type { LedgerSums } from '../api/contract.js'
import { useLocale, type MessageKey } from '../i18n/locale.js'
import { Answer } from '../parts/answer.js'
import { Card } from '../parts/card.js'
import type { Storm } from '../state/storm.js'

type Totals = LedgerSums['totals']

interface Sum {
  readonly key: keyof Totals
  readonly label: MessageKey
}

/** received = projected + refused + in flight; decoded = inserted + duplicate + revised + refused. */
export function LedgerStrip({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  return (
    <Card
      id="ledger"
      title={words.t('ledger.title')}
      aside={<span class="muted">{windowText(storm, words)}</span>}
    >
      <Answer of={storm.ledger}>
        {({ totals }) => (
          <div class="books">
            <Equation
              title={words.t('ledger.messages')}
              totals={totals}
              whole={{ key: 'received', label: 'ledger.received' }}
              parts={[
                { key: 'projected', label: 'ledger.projected' },
                { key: 'refused', label: 'ledger.refused' },
                { key: 'inFlight', label: 'ledger.inFlight' },
              ]}
              difference={totals.messageDifference}
            />
            <Equation
              title={words.t('ledger.observations')}
              totals={totals}
              whole={{ key: 'decoded', label: 'ledger.decoded' }}
              parts={[
                { key: 'inserted', label: 'ledger.inserted' },
                { key: 'duplicate', label: 'ledger.duplicate' },
                { key: 'revised', label: 'ledger.revised' },
                { key: 'observationsRefused', label: 'ledger.observationsRefused' },
              ]}
              difference={totals.observationDifference}
            />
          </div>
        )}
      </Answer>
    </Card>
  )
}

/** Said at the top of the page, because then nothing below can be trusted. */
export function LedgerBanner({ storm }: { readonly storm: Storm }) {
  const words = useLocale()
  const ledger = storm.ledger.state.value.data
  if (ledger === null || ledger.closes) return null
  const { messageDifference, observationDifference } = ledger.totals
  const isOpen = messageDifference !== 0 || observationDifference !== 0
  if (ledger.missing.length > 0 && !isOpen) {
    const missing = ledger.missing.map(({ who, why }) => words.t(`ledger.missing.${why}`, { who }))
    return (
      <div class="notice notice-fail" role="alert" data-banner="books-incomplete">
        <p>
          {words.t('ledger.incomplete', { missing: missing.join(words.t('ledger.missing.and')) })}
        </p>
      </div>
    )
  }
  return (
    <div class="notice notice-fail" role="alert" data-banner="books">
      <p>
        {words.t('ledger.banner', {
          messages: words.number(ledger.totals.messageDifference, 0),
          observations: words.number(ledger.totals.observationDifference, 0),
        })}
      </p>
      <a class="button" href="#ledger">
        {words.t('ledger.title')}
      </a>
    </div>
  )
}

interface EquationProps {
  readonly title: string
  readonly totals: Totals
  readonly whole: Sum
  readonly parts: readonly Sum[]
  readonly difference: number
}

function Equation({ title, totals, whole, parts, difference }: EquationProps) {
  const words = useLocale()
  const closes = difference === 0
  return (
    <div class="equation" data-closes={closes}>
      <h3>{title}</h3>
      <p class="equation-sums">
        <Term sum={whole} totals={totals} />
        {parts.map((part, i) => (
          <span key={part.key} class="equation-part">
            <span class="sign" aria-hidden="true">
              {i === 0 ? '=' : '+'}
            </span>
            <Term sum={part} totals={totals} />
          </span>
        ))}
      </p>
      <p class={`chip ${closes ? 'verdict-PASS' : 'verdict-FAIL'}`}>
        <span class="chip-sign" aria-hidden="true">
          {closes ? '✓' : '✕'}
        </span>
        {closes ? words.t('ledger.closes') : words.t('ledger.open', { n: difference })}
      </p>
    </div>
  )
}

function Term({ sum, totals }: { readonly sum: Sum; readonly totals: Totals }) {
  const words = useLocale()
  return (
    <span class="term" data-sum={sum.key}>
      <span class="term-value">{words.number(totals[sum.key], 0)}</span>
      <span class="term-label">{words.t(sum.label)}</span>
    </span>
  )
}

function windowText(storm: Storm, words: ReturnType<typeof useLocale>): string {
  const { fromMs, toMs } = storm.booksSpan.value
  return words.t('window.shown', { from: words.dateTime(fromMs), to: words.dateTime(toMs) })
}
