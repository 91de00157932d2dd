import { startStandbyApi } from '../api/index.js'
import type { Member } from '../domain/city/member.js'
import { memberLabel } from '../domain/city/member.js'
import type { Logger } from '../ports/logger.js'
import type { ServiceConfig } from './config.js'

/** What a process shows of itself while it waits for a data folder that another one owns. */
export interface Standby {
  /** The folder is taken: says so from now on. Rejects when the address cannot be had. */
  readonly wait: () => Promise<void>
  /** The folder is ours: lets go of the address. Resolves with its port; null when nothing had to be waited for. */
  readonly end: () => Promise<number | null>
}

export function openStandby(
  config: ServiceConfig,
  member: Member,
  onWait: (url: string) => void,
  logger: Logger,
): Standby {
  let shown: ReturnType<typeof startStandbyApi> | null = null
  async function show(): ReturnType<typeof startStandbyApi> {
    const api = await startStandbyApi({
      host: config.host,
      port: config.httpPort,
      member,
      owned: config.data,
      logger,
    })
    logger.info({ member: memberLabel(member), data: config.data }, 'waiting as a standby')
    onWait(api.url)
    return api
  }
  return {
    async wait() {
      shown ??= show()
      await shown
    },
    async end() {
      const api = await shown
      if (api === null) return null
      await api.stop()
      logger.info({ member: memberLabel(member) }, 'taking over')
      return Number(new URL(api.url).port)
    },
  }
}
