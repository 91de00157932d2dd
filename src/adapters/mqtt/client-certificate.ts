import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/** What a client has shown of itself before its CONNECT. */
export type ClientCertificate =
  | { readonly kind: 'none' }
  | { readonly kind: 'verified'; readonly commonName: string }
  | { readonly kind: 'faulty'; readonly reason: string }

/**
 * The certificate of a client. Without an authority for clients none is asked for, and none comes.
 * A resumed session shows the certificate that it was opened with.
 */
export function clientCertificate(stream: Duplex): ClientCertificate {
  if (!(stream instanceof TLSSocket)) return { kind: 'none' }
  const { subject } = stream.getPeerCertificate()
  // An empty object says that there is none, whatever the types say.
  if ((subject as typeof subject | undefined) === undefined) return { kind: 'none' }
  if (!stream.authorized) {
    const error: unknown = stream.authorizationError
    return { kind: 'faulty', reason: `client certificate not verified: ${String(error)}` }
  }
  // Several names come as an array: which of them is the device, nobody can say.
  const name: unknown = subject.CN
  return typeof name === 'string'
    ? { kind: 'verified', commonName: name }
    : { kind: 'faulty', reason: 'client certificate without exactly one common name' }
}
