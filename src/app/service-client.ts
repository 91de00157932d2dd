import { Option } from 'commander'
import { z } from 'zod'
import { tokenFromEnvironment } from './config.js'
import { runningService } from './data-folder.js'
import { CommandError, EXIT } from './exit.js'

/** Flags by which a command finds the running service. */
export interface ServiceFlags {
  readonly data: string
  readonly url?: string
  readonly token?: string
}

export function serviceOptions(): Option[] {
  return [
    new Option('--data <folder>', 'data folder of the running service').default('data'),
    new Option('--url <url>', 'the service elsewhere, e.g. http://10.0.0.5:8080; needs a token'),
    new Option('--token <token>', 'write token; also RAINLEDGER_TOKEN'),
  ]
}

/** The HTTP API as commands use it. */
export interface ServiceClient {
  readonly url: string
  /** Parsed JSON of a 2xx answer; any other answer is thrown as CommandError with its problem's text. */
  send(method: string, path: string, body?: RequestBody): Promise<unknown>
}

export interface RequestBody {
  readonly type: 'application/json' | 'text/yaml'
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer other than 2xx, with the RFC 9457 problem it carried. */
class ServiceProblem extends CommandError {
  constructor(
    readonly status: number,
    readonly problem: Readonly<Record<string, unknown>>,
  ) {
    const text = [problem['title'], problem['detail']].filter((part) => typeof part === 'string')
    const lines = [`${status} ${text.join(': ')}`, ...faultLines(problem)]
    super(status >= 500 ? EXIT.unreachable : EXIT.badInput, lines.join('\n'))
  }
}

const faultsSchema = z.object({
  detail: z.string().default(''),
  errors: z.array(z.object({ field: z.string(), value: z.string(), expected: z.string() })),
})

/** What is wrong, a line each; nothing where the detail has said it. */
function faultLines(problem: Readonly<Record<string, unknown>>): readonly string[] {
  const read = faultsSchema.safeParse(problem)
  if (!read.success) return []
  const { detail, errors } = read.data
  return errors
    .filter(({ expected }) => !detail.includes(expected))
    .map(({ field, value, expected }) => `  ${field}: ${value}; ${expected}`)
}

/** Finds the service by its data folder or URL. Throws CommandError (3) when none runs. */
export async function connectService(flags: ServiceFlags): Promise<ServiceClient> {
  const running = flags.url === undefined ? await runningService(flags.data) : null
  const url = flags.url ?? running?.http
  if (url === undefined) {
    throw new CommandError(
      EXIT.unreachable,
      `no service runs on ${flags.data}; start one with: rainledger up --data ${flags.data}`,
    )
  }
  const token = flags.token ?? tokenFromEnvironment() ?? running?.token
  const base = url.replace(/\/$/, '')
  return { url: base, send: (method, path, body) => send(base, token, method, path, body) }
}

async function send(
  base: string,
  token: string | undefined,
  method: string,
  path: string,
  body: RequestBody | undefined,
): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', ...body?.headers }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = body.type
  let answer: Response
  try {
    answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: body.text }),
    })
  } catch (error) {
    throw new CommandError(EXIT.unreachable, `${base} does not answer; is the service running?`, {
      cause: error,
    })
  }
  const json: unknown = await answer.json().catch(() => ({}))
  if (answer.ok) return json
  throw new ServiceProblem(answer.status, json as Readonly<Record<string, unknown>>)
}
