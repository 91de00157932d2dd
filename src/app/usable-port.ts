import { createServer } from 'node:net'
import type { Logger } from '../ports/logger.js'
import { systemCode } from './exit.js'

/** How many ports are tried before giving up. */
const TRIES = 50

/**
 * The port to listen on. `exact` gives the wanted one, and listening then fails if it is taken.
 * `step-over` goes on to the next free one and says so: for a demo beside a broker that already
 * runs. A free port can be taken before it is used; listening then fails just the same.
 */
export async function usablePort(
  what: string,
  host: string,
  wanted: number,
  ports: 'exact' | 'step-over',
  logger: Logger,
): Promise<number> {
  if (ports === 'exact' || wanted === 0) return wanted
  for (let port = wanted; port < wanted + TRIES && port <= 65_535; port++) {
    if (!(await isFree(host, port))) continue
    if (port !== wanted) logger.warn({ taken: wanted, port }, `${what} port is taken; stepped over`)
    return port
  }
  return wanted
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const code = systemCode(error)
      if (code === 'EADDRINUSE' || code === 'EACCES') resolve(false)
      else reject(error)
    })
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
