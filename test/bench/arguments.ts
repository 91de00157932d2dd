import { parseArgs } from 'node:util'
import { z } from 'zod'

/** A flag of a benchmark: its value when it is left out, what it means, what it may be. */
export interface Flag<Value> {
  readonly fallback: string
  readonly describe: string
  readonly schema: z.ZodType<Value>
}

/** A number greater than zero. */
export function positive(fallback: number, describe: string): Flag<number> {
  return { fallback: String(fallback), describe, schema: z.coerce.number().positive() }
}

export function oneOf<const Value extends string>(
  values: readonly [Value, ...Value[]],
  describe: string,
): Flag<Value> {
  return { fallback: values[0], describe, schema: z.enum(values) }
}

/**
 * The flags of the command line, each checked. `--help` prints them and ends the process; a wrong
 * one names itself and ends it with 2.
 */
export function benchArguments<Values extends Readonly<Record<string, unknown>>>(
  bench: string,
  what: string,
  flags: { readonly [Name in keyof Values]: Flag<Values[Name]> },
): Values {
  const entries = Object.entries(flags) as [string, Flag<unknown>][]
  const given = readGiven(entries.map(([name]) => name))
  if (given['help'] === true) {
    const lines = entries.map(
      ([name, { fallback, describe }]) => `  --${name.padEnd(11)} ${describe}; default ${fallback}`,
    )
    process.stdout.write(`npm run bench -- ${bench}: ${what}\n${lines.join('\n')}\n`)
    process.exit(0)
  }
  const values = entries.map(([name, { fallback, schema }]) => {
    const text = given[name] ?? fallback
    const read = schema.safeParse(text)
    if (!read.success) fail(`--${name} ${String(text)}: ${read.error.issues[0]?.message ?? ''}`)
    return [name, read.data]
  })
  return Object.fromEntries(values) as Values
}

/** Progress goes to stderr: the line on stdout is the result. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

// Ending by `exit` lets the started servers be ended too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

function readGiven(names: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    const args = process.argv.slice(2)
    return parseArgs({ args, options: { ...options, help: { type: 'boolean' } } }).values
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function fail(why: string): never {
  process.stderr.write(`${why}\nsee --help\n`)
  process.exit(2)
}
