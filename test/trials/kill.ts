import { parseArgs } from 'node:util'
import { machine } from '../bench/machine.js'
import { killTrial } from './kill-trial.js'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    store: { type: 'string', default: 'duckdb' },
    broker: { type: 'string', default: 'embedded' },
    seed: { type: 'string', default: '1' },
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
const result = await killTrial({
  kills: Number(values.kills),
  store: values.store,
  broker: values.broker,
  seed: Number(values.seed),
  onKill: (kill, acked) => process.stderr.write(`kill ${kill}: ${acked} acknowledged\n`),
})
process.stdout.write(
  `${JSON.stringify({ ...result, store: values.store, broker: values.broker, ...(await machine()) })}\n`,
)
const { lost, double, ledgerDifference } = result
process.exitCode = lost === 0 && double === 0 && ledgerDifference === 0 ? 0 : 1
