import type { FleetSummary } from '../../simulators/fleet/summary.js'
import { runCommand } from './server-process.js'

export interface FleetRun {
  readonly code: number | null
  readonly stderr: string
  /** Undefined when it ended before it ran. */
  readonly summary: FleetSummary | undefined
}

/**
 * Runs the built fleet simulator as a process of its own, with `--json`.
 *
 * @param authority PEM file of an authority that it shall trust beside the usual ones
 */
export async function simulated(args: readonly string[], authority?: string): Promise<FleetRun> {
  const trust = authority === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${authority}`]
  const program = [process.execPath, 'dist/simulators/fleet/main.js', '--json']
  const { code, stdout, stderr } = await runCommand('env', [...trust, ...program, ...args])
  const line = stdout.trim()
  return {
    code,
    stderr,
    summary: line === '' ? undefined : (JSON.parse(line) as FleetSummary),
  }
}
