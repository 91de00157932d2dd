import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A server that a test has started; it never outlives the test process. */
export interface ServerProcess {
  readonly pid: number
  /** What it has written so far, stdout and stderr together. */
  output(): string
  /** Resolves with the match once the output matches; rejects when the process ends before or the time is over. */
  printed(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>
  /** Whether the process still runs. */
  isRunning(): boolean
  /** SIGTERM, then SIGKILL when it does not end within `graceMs`. Safe to call twice. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** SIGSTOP: it holds its connections and answers nothing. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

/** Starts a program and follows its output; says what is missing when the program is not installed. */
export function startServer(program: string, args: readonly string[]): ServerProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const state = { text: '', ended: false, failure: '' }
  const watchers = new Set<() => void>()
  const follow = (chunk: Buffer): void => {
    state.text += chunk.toString()
    for (const watcher of watchers) watcher()
  }
  child.stdout.on('data', follow)
  child.stderr.on('data', follow)
  const killWithUs = (): void => {
    child.kill('SIGKILL')
  }
  process.on('exit', killWithUs)
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      state.ended = true
      process.off('exit', killWithUs)
      for (const watcher of watchers) watcher()
      resolve()
    }
    child.once('close', end)
    child.once('error', (error) => {
      state.failure = error.message
      end()
    })
  })

  return {
    pid: child.pid ?? 0,
    output: () => state.text,
    isRunning: () => !state.ended,
    printed: async (pattern, withinMs) =>
      await new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer)
          watchers.delete(look)
          settle()
        }
        const look = (): void => {
          const match = pattern.exec(state.text)
          if (match !== null) finish(() => resolve(match))
          else if (state.ended) finish(() => reject(unsaid(`${program} ended`)))
        }
        const unsaid = (what: string): Error =>
          new Error(`${what} without printing ${pattern.source}\n${state.failure}\n${state.text}`)
        const timer = setTimeout(
          () => finish(() => reject(unsaid(`${program} went ${withinMs} ms`))),
          withinMs,
        )
        watchers.add(look)
        look()
      }),
    stop: async (graceMs = 5_000) => {
      if (state.ended) return
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await gone
      clearTimeout(timer)
    },
    kill: async () => {
      if (state.ended) return
      child.kill('SIGKILL')
      await gone
    },
    pause: () => {
      child.kill('SIGSTOP')
    },
    resume: () => {
      child.kill('SIGCONT')
    },
  }
}

/** How a command ended that was run to its end. */
export interface CommandResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, e.g. `mosquitto_pub`. Never throws for an exit code. */
export async function runCommand(
  program: string,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => {
    text.stdout += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    text.stderr += chunk.toString()
  })
  // A program that ends without reading its input breaks the pipe; its exit code tells the story.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...text }
}
