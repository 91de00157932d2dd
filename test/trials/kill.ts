import { parseArgs } from 'node:util'
import { machine } from '../bench/machine.js'
import { clusterTrial } from './cluster-trial.js'
import { killTrial } from './kill-trial.js'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    store: { type: 'string', default: 'duckdb' },
    broker: { type: 'string', default: 'embedded' },
    seed: { type: 'string', default: '1' },
    cluster: { type: 'boolean', default: false },
  },
})
if (values.store !== 'duckdb' && values.store !== 'influx') {
  process.stderr.write('--store is duckdb or influx\n')
  process.exit(2)
}
if (values.broker !== 'embedded' && values.broker !== 'external') {
  process.stderr.write('--broker is embedded or external\n')
  process.exit(2)
}
const trial = {
  kills: Number(values.kills),
  seed: Number(values.seed),
  onKill: (kill: number, acked: number): void => {
    process.stderr.write(`kill ${kill}: ${acked} acknowledged\n`)
  },
}
const { store, broker } = values
const result = values.cluster
  ? { cluster: true, store: 'influx', broker: 'external', ...(await clusterTrial(trial)) }
  : { store, broker, ...(await killTrial({ ...trial, store, broker })) }
process.stdout.write(`${JSON.stringify({ ...result, ...(await machine()) })}\n`)
const { lost, double, ledgerDifference } = result
const isOnce = !('points' in result) || result.points === result.inserted
process.exitCode = lost === 0 && double === 0 && ledgerDifference === 0 && isOnce ? 0 : 1
