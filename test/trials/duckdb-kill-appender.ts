/**
 * The process that the kill trial kills: appends batches to a store from its position on, for ever,
 * and prints `begin N` before and `done N` after the batch that ends at entry N.
 *
 *     tsx test/trials/duckdb-kill-appender.ts FILE
 */
import { openDuckdb } from '../../src/adapters/duckdb/index.js'
import { trialBatch, TRIAL_ENTRIES } from './duckdb-kill-batch.js'

const { store, ledger } = await openDuckdb({ file: process.argv[2] ?? '', values: 'here' })
for (let from = await ledger.position(); ; from += TRIAL_ENTRIES) {
  process.stdout.write(`begin ${from + TRIAL_ENTRIES}\n`)
  await store.append(trialBatch(from + 1))
  process.stdout.write(`done ${from + TRIAL_ENTRIES}\n`)
}
