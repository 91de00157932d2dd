/** One system call as strace saw it: line numbers of the trace where it began and ended. */
export interface SystemCall {
  readonly name: string
  /** First argument when it is a number. */
  readonly fd: number
  readonly text: string
  readonly began: number
  readonly ended: number
  readonly result: number
}

/** The calls of a trace by `strace -f`, in the order in which they ended. */
export function callsOf(trace: string): SystemCall[] {
  const calls: SystemCall[] = []
  const unfinished = new Map<string, { began: number; text: string }>()
  for (const [number, line] of trace.split('\n').entries()) {
    const match = /^(\d+)\s+(.*)$/s.exec(line)
    const [, thread, rest] = match ?? []
    if (thread === undefined || rest === undefined) continue
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, { began: number, text: rest })
      continue
    }
    const begun = rest.startsWith('<...') ? unfinished.get(thread) : undefined
    const text = begun === undefined ? rest : begun.text + rest
    const result = /\)\s+= (-?\d+)[^"]*$/.exec(text)
    const name = /^(\w+)\(/.exec(text)?.[1]
    if (result === null || name === undefined) continue
    calls.push({
      name,
      fd: Number(/^\w+\((\d+)/.exec(text)?.[1] ?? -1),
      text,
      began: begun?.began ?? number,
      ended: number,
      result: Number(result[1]),
    })
  }
  return calls
}
