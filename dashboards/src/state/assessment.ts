import { signal, type ReadonlySignal } from '@preact/signals'
import type { ApiClient } from '../api/client.js'
import type {
  AssessmentDocument,
  IndicatorDescription,
  Scheme,
  SealedAssessment,
} from '../api/assessment-contract.js'
import type { City } from '../api/contract.js'
import { resource, type Resource } from '../api/resource.js'
import { choiceFromQuery, isSameChoice, writeChoice, type Choice } from './choice.js'
import { dayAt, daysOf, spanOf, type Day } from './days.js'
import { placeOf } from './place.js'

/** An assessment as it is shown, with the bytes it came in. */
export interface Shown {
  readonly document: AssessmentDocument
  readonly sha256: string
  /** Object URL of the bytes. */
  readonly fileUrl: string
  readonly fileName: string
  /** Name of the file that the reader opened; null when the service has just computed it. */
  readonly openedFrom: string | null
}

export interface Running {
  readonly choice: Choice
  readonly sinceMs: number
}

/** Everything the assessment page shows: a choice going in, a document coming out. */
export interface Assessment {
  readonly city: City
  readonly today: Day
  readonly schemes: Resource<readonly Scheme[]>
  readonly indicators: Resource<readonly IndicatorDescription[]>
  /** What stands in the address; null before anything was asked. */
  readonly choice: ReadonlySignal<Choice | null>
  readonly running: ReadonlySignal<Running | null>
  /** Asked for while another one is running; begins when that has ended. */
  readonly waiting: ReadonlySignal<Choice | null>
  readonly fault: ReadonlySignal<Error | null>
  readonly shown: ReadonlySignal<Shown | null>
  /** The item looked at. */
  readonly itemId: ReadonlySignal<string | null>
  ask(choice: Choice): void
  /** Shows a kept answer. Resolves with what is wrong with the file, null when nothing is. */
  open(file: File): Promise<string | null>
  /** Puts into the address what is shown, when the reader comes back by another way than it. */
  writeAddress(): void
  itemHref(id: string | null): string
  chooseItem(id: string | null): void
}

/** Schemes and indicators of a running service do not change; one retry of the reader is enough. */
const RETRY_EVERY_MS = 2_000

/**
 * Opens the assessment with what the address says, and asks at once when that is a whole question.
 *
 * One question runs at a time. It is not dropped for another one, nor when the reader leaves the page:
 * the service would go on computing it. The last one asked for meanwhile begins when it has ended.
 */
export function openAssessment(city: City, api: ApiClient): Assessment {
  const zone = city.city.timeZone
  const schemes = resource(RETRY_EVERY_MS, () => async (stop) => (await api.schemes(stop)).items)
  const indicators = resource(
    RETRY_EVERY_MS,
    () => async (stop) => (await api.indicators(stop)).items,
  )
  const choice = signal<Choice | null>(choiceFromQuery(new URLSearchParams(location.search)))
  const running = signal<Running | null>(null)
  const waiting = signal<Choice | null>(null)
  const fault = signal<Error | null>(null)
  const shown = signal<Shown | null>(null)
  const itemId = signal<string | null>(new URLSearchParams(location.search).get('item'))

  function show(sealed: SealedAssessment, file: Blob, openedFrom: string | null): void {
    const before = shown.peek()
    const { sha256, assessment } = sealed
    const { first, last } = daysOf(zone, assessment.window)
    shown.value = {
      document: assessment,
      sha256,
      fileUrl: URL.createObjectURL(file),
      fileName: `assessment_${assessment.city.id}_${assessment.scheme.id}_${first}_${last}.json`,
      openedFrom,
    }
    if (before !== null) URL.revokeObjectURL(before.fileUrl)
  }

  async function work(next: Choice): Promise<void> {
    const span = spanOf(zone, next.days)
    if (span === null) return
    running.value = { choice: next, sinceMs: Date.now() }
    fault.value = null
    try {
      const { sealed, file } = await api.assessment(next.scheme, span)
      show(sealed, file, null)
    } catch (thrown) {
      fault.value = thrown instanceof Error ? thrown : new Error(String(thrown))
    }
    running.value = null
    const after = waiting.peek()
    waiting.value = null
    if (after !== null) await work(after)
  }

  function ask(next: Choice): void {
    choice.value = next
    history.replaceState(null, '', address(next, itemId.peek()))
    const now = running.peek()
    if (now === null) void work(next)
    else waiting.value = isSameChoice(now.choice, next) ? null : next
  }

  addEventListener('popstate', () => {
    if (placeOf(location.pathname) !== 'assessment') return
    itemId.value = new URLSearchParams(location.search).get('item')
  })
  const first = choice.peek()
  if (first !== null) void work(first)

  return {
    city,
    today: dayAt(zone, api.nowMs()),
    schemes,
    indicators,
    choice,
    running,
    waiting,
    fault,
    shown,
    itemId,
    ask,
    open: async (file) => {
      const { sealedAssessmentSchema } = await import('../api/assessment-contract.js')
      try {
        const read = sealedAssessmentSchema.safeParse(JSON.parse(await file.text()))
        if (!read.success) {
          const [issue] = read.error.issues
          return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
        }
        choice.value = null
        fault.value = null
        history.replaceState(null, '', address(null, itemId.peek()))
        show(read.data, file, file.name)
        return null
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : String(thrown)
      }
    },
    writeAddress: () => history.replaceState(null, '', address(choice.peek(), itemId.peek())),
    itemHref: (id) => address(choice.value, id),
    chooseItem: (id) => {
      if (id === itemId.peek()) return
      history.pushState(null, '', address(choice.peek(), id))
      itemId.value = id
    },
  }
}

function address(choice: Choice | null, item: string | null): string {
  const url = new URL(location.href)
  writeChoice(url.searchParams, choice)
  url.searchParams.delete('item')
  if (item !== null) url.searchParams.set('item', item)
  return url.pathname + url.search
}
