import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { ApiClient } from '../api/client.js'
import type {
  AssessmentDocument,
  Changes,
  IndicatorDescription,
  KeptList,
  Scheme,
  SealedAssessment,
} from '../api/assessment-contract.js'
import type { City } from '../api/contract.js'
import { resource, type Resource } from '../api/resource.js'
import { choiceFromQuery, idOf, isSameChoice, writeChoice, type Choice } from './choice.js'
import { dayAt, daysOf, spanOf, type Day } from './days.js'
import { placeOf } from './place.js'

/** Where a document comes from: just computed, kept by the service, or a file of the reader. */
export type Origin =
  | { readonly kind: 'new' }
  | { readonly kind: 'kept'; readonly id: number }
  | { readonly kind: 'file'; readonly name: string }

/** An assessment as it is shown, with the bytes it came in. */
export interface Shown {
  readonly document: AssessmentDocument
  readonly sha256: string
  /** Object URL of the bytes. */
  readonly fileUrl: string
  readonly fileName: string
  readonly origin: Origin
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
  /** What was kept, newest first. */
  readonly keptList: Resource<KeptList>
  /** The kept one that the one shown is compared with: the reader's choice, else the version before. */
  readonly sinceId: ReadonlySignal<number | null>
  readonly changes: Resource<Changes | null>
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
  compareWith(id: number): void
  /** The reader is back on the page: what is shown goes into the address, and the list is read again. */
  resume(): void
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
  const keptList = resource(RETRY_EVERY_MS, () => async (stop) => await api.keptList(stop))
  const choice = signal<Choice | null>(choiceFromQuery(new URLSearchParams(location.search)))
  const running = signal<Running | null>(null)
  const waiting = signal<Choice | null>(null)
  const fault = signal<Error | null>(null)
  const shown = signal<Shown | null>(null)
  const itemId = signal<string | null>(new URLSearchParams(location.search).get('item'))

  const chosenSince = signal(idOf(new URLSearchParams(location.search).get('since')))
  const keptId = computed(() => {
    const origin = shown.value?.origin
    return origin?.kind === 'kept' ? origin.id : null
  })
  const sinceId = computed(() => {
    const items = keptList.state.value.data?.items ?? []
    return chosenSince.value ?? items.find(({ id }) => id === keptId.value)?.previous ?? null
  })
  const changes = resource<Changes | null>(RETRY_EVERY_MS, () => {
    const [id, since] = [keptId.value, sinceId.value]
    return async (stop) =>
      id === null || since === null ? null : await api.changes(id, since, stop)
  })

  function show(sealed: SealedAssessment, file: Blob, origin: Origin): void {
    const before = shown.peek()
    const { sha256, assessment } = sealed
    const { first, last } = daysOf(zone, assessment.window)
    shown.value = {
      document: assessment,
      sha256,
      fileUrl: URL.createObjectURL(file),
      fileName: `assessment_${assessment.city.id}_${assessment.scheme.id}_${first}_${last}.json`,
      origin,
    }
    if (before !== null) URL.revokeObjectURL(before.fileUrl)
  }

  async function answerTo(next: Choice): Promise<void> {
    if (next.kind === 'kept') {
      const { sealed, file } = await api.kept(next.id)
      show(sealed, file, next)
      return
    }
    const span = spanOf(zone, next.days)
    if (span === null) return
    const { sealed, file } = await api.assessment(next.scheme, span)
    show(sealed, file, { kind: 'new' })
  }

  async function work(next: Choice): Promise<void> {
    running.value = { choice: next, sinceMs: Date.now() }
    fault.value = null
    try {
      await answerTo(next)
      // A file was looked at meanwhile: what is shown now has an address again.
      choice.value ??= next
      writeAddress()
    } catch (thrown) {
      fault.value = thrown instanceof Error ? thrown : new Error(String(thrown))
    }
    running.value = null
    const after = waiting.peek()
    waiting.value = null
    if (after !== null) await work(after)
  }

  function writeAddress(): void {
    if (placeOf(location.pathname) !== 'assessment') return
    const now = address(choice.peek(), chosenSince.peek(), itemId.peek())
    history.replaceState(null, '', now + location.hash)
  }

  function ask(next: Choice): void {
    choice.value = next
    chosenSince.value = null
    writeAddress()
    const now = running.peek()
    if (now === null) void work(next)
    else waiting.value = isSameChoice(now.choice, next) ? null : next
  }

  addEventListener('popstate', () => {
    if (placeOf(location.pathname) !== 'assessment') return
    itemId.value = new URLSearchParams(location.search).get('item')
    // An entry of the time before another assessment was asked for: what is shown is the newer one.
    writeAddress()
  })
  const first = choice.peek()
  if (first !== null) void work(first)

  return {
    city,
    today: dayAt(zone, api.nowMs()),
    schemes,
    indicators,
    keptList,
    sinceId,
    changes,
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
        chosenSince.value = null
        fault.value = null
        writeAddress()
        show(read.data, file, { kind: 'file', name: file.name })
        return null
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : String(thrown)
      }
    },
    compareWith: (id) => {
      chosenSince.value = id
      writeAddress()
    },
    resume: () => {
      writeAddress()
      keptList.refresh()
    },
    itemHref: (id) => address(choice.value, chosenSince.value, id),
    chooseItem: (id) => {
      if (id === itemId.peek()) return
      history.pushState(null, '', address(choice.peek(), chosenSince.peek(), id))
      itemId.value = id
    },
  }
}

function address(choice: Choice | null, since: number | null, item: string | null): string {
  const url = new URL(location.href)
  writeChoice(url.searchParams, choice)
  for (const name of ['since', 'item']) url.searchParams.delete(name)
  if (since !== null) url.searchParams.set('since', String(since))
  if (item !== null) url.searchParams.set('item', item)
  return url.pathname + url.search
}
