import { z } from 'zod'
import type { Load, LoadReport } from '../../simulators/publisher/index.js'
import { runCommand } from './server-process.js'

const reportSchema = z.object({
  sent: z.number(),
  acked: z.number(),
  tookMs: z.number(),
  lastAckMs: z.number(),
  bytesPerPayload: z.number(),
  latencyMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  cpuMs: z.number(),
}) satisfies z.ZodType<LoadReport>

/** Publishes a load from a process of its own. Throws with what that process said when it fails. */
export async function publishFromOutside(load: Load): Promise<LoadReport> {
  const program = 'dist/simulators/publisher/main.js'
  const { code, stdout, stderr } = await runCommand(
    process.execPath,
    [program],
    JSON.stringify(load),
  )
  if (code !== 0) throw new Error(`the publisher ended with ${code}\n${stderr}`)
  return reportSchema.parse(JSON.parse(stdout))
}
