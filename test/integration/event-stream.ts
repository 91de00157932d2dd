/** One event as a browser's EventSource would see it; a comment has the name `comment`. */
export interface StreamEvent {
  readonly name: string
  readonly id: string | null
  readonly data: string
}

export interface EventStream {
  /** The next event; rejects when the stream ends before. Comments are passed over unless asked for. */
  next(comments?: 'with comments'): Promise<StreamEvent>
  /** Resolves when the server has ended the stream, reading what is left. */
  ended(): Promise<void>
  close(): void
}

/** Reads server-sent events; rejects unless the server answers with a stream. */
export async function openEventStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> {
  const abort = new AbortController()
  const answer = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: abort.signal,
  })
  const type = answer.headers.get('content-type')
  if (answer.body === null || type !== 'text/event-stream') {
    throw new Error(`no stream but ${answer.status} ${type}`)
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let waiting = ''

  async function block(): Promise<string | null> {
    for (;;) {
      const end = waiting.indexOf('\n\n')
      if (end >= 0) {
        const text = waiting.slice(0, end)
        waiting = waiting.slice(end + 2)
        return text
      }
      const { done, value } = await reader.read()
      if (done) return null
      waiting += value
    }
  }

  return {
    async next(comments) {
      for (;;) {
        const text = await block()
        if (text === null) throw new Error('the stream has ended')
        const event = parsed(text)
        if (event.name !== 'comment' || comments === 'with comments') return event
      }
    },
    async ended() {
      while ((await block()) !== null) continue
    },
    close: () => abort.abort(),
  }
}

function parsed(text: string): StreamEvent {
  if (text.startsWith(':')) return { name: 'comment', id: null, data: text.slice(1).trim() }
  const fields = new Map(
    text.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    }),
  )
  return {
    name: fields.get('event') ?? 'message',
    id: fields.get('id') ?? null,
    data: fields.get('data') ?? '',
  }
}
