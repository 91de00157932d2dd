/** Exit codes of every command. */
export const EXIT = {
  done: 0,
  /** The command worked and found something wrong (a check, a verification). */
  foundWrong: 1,
  /** Bad usage or bad input. */
  badInput: 2,
  /** Something could not be reached, bound or locked. */
  unreachable: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** An end that the user can do something about: its message says what. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The system's code of an error (EADDRINUSE, ENOENT…), undefined when it has none. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
