import type { FleetSummary } from '../../simulators/fleet/summary.js'
import { runCommand } from './server-process.js'

export interface FleetRun {
  readonly code: number | null
  readonly stderr: string
  /** Undefined when it ended before it ran. */
  readonly summary: FleetSummary | undefined
}

/** Runs the built fleet simulator as a process of its own, with `--json`. */
export async function simulated(args: readonly string[]): Promise<FleetRun> {
  const program = 'dist/simulators/fleet/main.js'
  const { code, stdout, stderr } = await runCommand(process.execPath, [program, '--json', ...args])
  const line = stdout.trim()
  return {
    code,
    stderr,
    summary: line === '' ? undefined : (JSON.parse(line) as FleetSummary),
  }
}
