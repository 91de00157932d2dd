import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '../setup/temp-folder.js'

/** Where a figure was measured; stands in every result. */
export interface Machine {
  readonly cores: number
  /** Median time of a write of 4 KiB and its fdatasync, ms: what one durable write costs here. */
  readonly fsyncMs: number
  /** Average over the last minute of processes that want a core. */
  readonly load: number
}

export async function machine(): Promise<Machine> {
  return {
    cores: availableParallelism(),
    fsyncMs: await fsyncMs(),
    load: rounded(loadavg()[0] ?? 0),
  }
}

async function fsyncMs(): Promise<number> {
  const folder = await temporaryFolder('bench-fsync')
  const file = openSync(join(folder.path, 'file'), 'w')
  const times = Array.from({ length: 200 }, () => {
    const began = performance.now()
    writeSync(file, Buffer.alloc(4_096, 1))
    fdatasyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  await folder.remove()
  return rounded(times.sort((a, b) => a - b)[100] ?? 0)
}

/** What a process has used so far. */
export interface ProcessUse {
  /** User and system time of all its threads. */
  readonly cpuMs: number
  readonly rssMb: number
  /** The most it has had at any time (VmHWM). */
  readonly rssMaxMb: number
}

/** Of Linux' clock tick, as /proc counts: 100 a second on every architecture that Node runs on. */
const TICK_MS = 10

/** @param pid a running process on Linux */
export async function processUse(pid: number): Promise<ProcessUse> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // After the name in brackets, which may hold blanks: state is field 3, utime 14, stime 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const mb = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    rssMb: mb('VmRSS'),
    rssMaxMb: mb('VmHWM'),
  }
}

/** To two decimals. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
