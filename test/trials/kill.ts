import { parseArgs } from 'node:util'
import { cpus, loadavg } from 'node:os'
import { killTrial } from './kill-trial.js'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    store: { type: 'string', default: 'duckdb' },
    seed: { type: 'string', default: '1' },
  },
})
if (values.store !== 'duckdb' && values.store !== 'influx') {
  process.stderr.write('--store is duckdb or influx\n')
  process.exit(2)
}
const result = await killTrial({
  kills: Number(values.kills),
  store: values.store,
  seed: Number(values.seed),
  onKill: (kill, acked) => process.stderr.write(`kill ${kill}: ${acked} acknowledged\n`),
})
process.stdout.write(
  `${JSON.stringify({ ...result, store: values.store, cores: cpus().length, load: loadavg()[0] })}\n`,
)
const { lost, double, ledgerDifference } = result
process.exitCode = lost === 0 && double === 0 && ledgerDifference === 0 ? 0 : 1
