import type { AddressInfo } from 'node:net'

/** The address of a server that listens, as a client writes it. */
export function listeningUrl(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('the API has no address')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
