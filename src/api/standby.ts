import { memberLabel, type Member } from '../domain/city/member.js'
import type { Logger } from '../ports/logger.js'
import { listeningUrl } from './listening-url.js'
import { answerWithProblems, ProblemError } from './problem.js'
import { guardRoutes } from './roles.js'
import { declareStandbyRoutes } from './routes/index.js'
import { emptyServer } from './server.js'

/**
 * What a process says while it waits to take over a member: that it is alive, whose standby it is,
 * and that it is not ready. Resolves once it listens.
 *
 * @param owned what the owner holds, for the words of /readyz
 */
export async function startStandbyApi(options: {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  readonly member: Member
  readonly owned: string
  readonly logger: Logger
}): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { member, owned } = options
  const detail = `standby of member ${memberLabel(member)}: ${owned} is in use by its owner; this process takes over when the owner ends`
  const api = emptyServer()
  answerWithProblems(api, options.logger, () => new ProblemError('not_ready', `A ${detail}.`))
  guardRoutes(api, null)
  declareStandbyRoutes(api, member, detail)
  await api.listen({ host: options.host, port: options.port })
  return {
    url: listeningUrl(api.server.address()),
    async stop() {
      const closed = api.close()
      api.server.closeAllConnections()
      await closed
    },
  }
}
