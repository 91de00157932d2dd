import { DAY_MS } from '../../../src/domain/time.js'
import type { Ledger } from '../../../src/ports/ledger.js'
import type { SeriesStore } from '../../../src/ports/series-store.js'
import { START_MS } from './batch.js'

/** The store under test as it is opened now. */
export interface Subject {
  readonly store: SeriesStore
  readonly ledger: Ledger
  /** A restart: `store` and `ledger` are then other ones over the same data. */
  reopen(): Promise<void>
}

/** A window that holds all that the suite writes. */
export const ALWAYS = { fromMs: 0, toMs: START_MS + 1000 * DAY_MS }
