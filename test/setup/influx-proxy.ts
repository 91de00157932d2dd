import {
  startHttpStandIn,
  type GivenAnswer,
  type HttpStandIn,
  type SeenRequest,
} from './http-stand-in.js'

/** What is done to a request; `forward` hands it on to the real server and gives its answer. */
export type Meddling = (
  request: SeenRequest,
  forward: () => Promise<GivenAnswer>,
) => GivenAnswer | null | Promise<GivenAnswer | null>

/** Stands before a real InfluxDB and lets a test fail a chosen request, before or after it took effect. */
export async function startInfluxProxy(url: string, meddle: Meddling): Promise<HttpStandIn> {
  return await startHttpStandIn((request) => meddle(request, () => forwarded(url, request)))
}

async function forwarded(url: string, request: SeenRequest): Promise<GivenAnswer> {
  const { method, path, headers, body } = request
  const { authorization, 'content-type': type } = headers
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(method === 'POST' ? { body } : {}),
  })
  const version = answer.headers.get('x-influxdb-version') ?? ''
  const text = await answer.text()
  return { status: answer.status, headers: { 'x-influxdb-version': version }, body: text }
}
