import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import type { Ledger } from '../../src/ports/ledger.js'
import type { SeriesStore } from '../../src/ports/series-store.js'
import { rowPromises } from './series-store/rows.js'
import { revisionPromises } from './series-store/revisions.js'
import { stepPromises } from './series-store/steps.js'
import { latestPromises } from './series-store/latest.js'
import { coveragePromises } from './series-store/coverage.js'
import { refusalPromises } from './series-store/refusals.js'
import { bookPromises } from './series-store/books.js'
import { deviceStatePromises } from './series-store/device-states.js'
import { positionPromises } from './series-store/position.js'
import { orderPromises } from './series-store/order.js'
import { judgePromises } from './series-store/judges.js'
import { personsPromises } from './series-store/persons.js'
import { markPromises } from './series-store/marks.js'
import { numberPromises } from './series-store/numbers.js'
import { restartPromises } from './series-store/restart.js'
import type { Subject } from './series-store/subject.js'

/** A store with the ledger that is committed together with it. */
export interface OpenedStore {
  readonly store: SeriesStore
  readonly ledger: Ledger
  /** Closes it and opens the same data again, as a restart does. */
  reopen(): Promise<OpenedStore>
  /** Closes it and removes its data. Safe to call twice. */
  dispose(): Promise<void>
}

/**
 * What every SeriesStore and its Ledger promise (ports/series-store.ts, ports/ledger.ts).
 *
 * @param open opens a new, empty store; called once per test
 */
export function seriesStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the promises of a series store`, () => {
    const { subject, begin, end } = subjectOf(open)
    beforeEach(begin)
    afterEach(end)
    rowPromises(subject)
    revisionPromises(subject)
    stepPromises(subject)
    latestPromises(subject)
    coveragePromises(subject)
    refusalPromises(subject)
    bookPromises(subject)
    deviceStatePromises(subject)
    positionPromises(subject)
    restartPromises(subject)
    judgePromises(subject)
    markPromises(subject)
    personsPromises(subject)
    numberPromises(subject)
  })

  describe(`${name} forgets the order of arrival`, () => {
    const { subject, begin, end } = subjectOf(open)
    beforeAll(begin)
    afterAll(end)
    orderPromises(subject)
  })
}

function subjectOf(open: () => Promise<OpenedStore>): {
  readonly subject: Subject
  readonly begin: () => Promise<void>
  readonly end: () => Promise<void>
} {
  let current: OpenedStore | undefined
  const opened = (): OpenedStore => {
    if (current === undefined) throw new Error('no store is open')
    return current
  }
  return {
    subject: {
      get store() {
        return opened().store
      },
      get ledger() {
        return opened().ledger
      },
      async reopen() {
        current = await opened().reopen()
      },
    },
    begin: async () => {
      current = await open()
    },
    end: async () => {
      await current?.dispose()
      current = undefined
    },
  }
}
