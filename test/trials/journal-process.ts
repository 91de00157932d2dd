import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

export interface AppenderWork {
  readonly folder: string
  readonly run: number
  readonly segmentBytes: number
  readonly entries: number
  readonly concurrency: number
}

/** What the process was promised, as it had written it down when it ended. */
export interface AppenderLog {
  readonly acked: readonly { readonly seq: number; readonly n: number }[]
  readonly rejected: readonly number[]
  readonly lines: readonly string[]
  readonly text: string
}

const APPENDER = fileURLToPath(new URL('journal-appender.ts', import.meta.url))

export interface Appender {
  readonly process: ChildProcess
  /** Resolves when it has ended, however. */
  ended(): Promise<AppenderLog>
  /** What it has written so far. */
  soFar(): AppenderLog
}

/**
 * Starts test/trials/journal-appender.ts; its output goes to a file, so that nothing it wrote is
 * lost with it.
 *
 * @param wrapper program and arguments to run it under, e.g. strace; none by default
 */
export function startAppender(
  work: AppenderWork,
  logFolder: string,
  wrapper: readonly string[] = [],
): Appender {
  const logFile = join(logFolder, `appender-${work.run}.log`)
  const output = openSync(logFile, 'w')
  const command = [...wrapper, process.execPath, '--import', 'tsx', APPENDER, JSON.stringify(work)]
  const child = spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  const ending = once(child, 'exit')
  const soFar = (): AppenderLog => readLog(readFileSync(logFile, 'utf8'))
  return {
    process: child,
    soFar,
    ended: async () => {
      await ending
      return soFar()
    },
  }
}

function readLog(text: string): AppenderLog {
  // The last line may be cut: then it was not written, and promises nothing.
  const lines = text.split('\n').slice(0, -1)
  const acked: { seq: number; n: number }[] = []
  const rejected: number[] = []
  for (const line of lines) {
    const [word, one, other] = line.split(' ')
    if (word === 'ack') acked.push({ seq: Number(one), n: Number(other) })
    if (word === 'rejected') rejected.push(Number(one))
  }
  return { acked, rejected, lines, text }
}
