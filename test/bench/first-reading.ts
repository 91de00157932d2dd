/**
 * How long a person waits after `npm start`: from the start of the process on an empty folder to
 * the ready line, to the first stored reading, and to the whole history of the demo.
 *
 *     npm run bench -- first-reading
 */
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ANY_PORTS, startProgram } from '../setup/program.js'
import { temporaryFolder } from '../setup/temp-folder.js'

const RUNS = 3
const totalsSchema = z.object({ totals: z.object({ inserted: z.number(), inFlight: z.number() }) })
/** The history counts as whole when no new observation has come for this long. */
const QUIET_MS = 2_000

interface Waits {
  readonly readyMs: number
  readonly firstStoredMs: number
  readonly historyMs: number
  readonly observations: number
}

async function oneStart(): Promise<Waits> {
  const folder = await temporaryFolder('first-reading')
  const begunMs = performance.now()
  const program = await startProgram(['--demo', '--data', join(folder.path, 'data'), ...ANY_PORTS])
  try {
    let firstStoredMs = 0
    let observations = 0
    let grewMs = performance.now()
    while (observations === 0 || performance.now() - grewMs < QUIET_MS) {
      const { totals } = totalsSchema.parse(await program.json('/ledger'))
      if (totals.inserted > observations) {
        grewMs = performance.now()
        if (observations === 0) firstStoredMs = grewMs - begunMs
        observations = totals.inserted
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return {
      readyMs: Math.round(program.readyAfterMs),
      firstStoredMs: Math.round(firstStoredMs),
      historyMs: Math.round(grewMs - begunMs),
      observations,
    }
  } finally {
    await program.process.stop()
    await folder.remove()
  }
}

const runs: Waits[] = []
for (let run = 0; run < RUNS; run++) runs.push(await oneStart())
process.stdout.write(`${JSON.stringify({ runs, cores: cpus().length, load: loadavg()[0] })}\n`)
