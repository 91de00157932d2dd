import type { Member } from '../domain/city/member.js'
import { isInShare } from '../domain/city/member.js'
import { TransientFault } from '../domain/fault.js'
import type { Registry } from '../domain/city/registry.js'
import type { SeriesReads } from '../ports/series-store.js'
import { CommandError, EXIT } from './exit.js'

/**
 * Throws CommandError when the database already holds values of a member's series before the
 * member has taken its first message. Points are told apart by series, time and revision number,
 * and the numbers are counted by the local index: an empty one would count from 0 again and write
 * over what another owner has stored.
 */
export async function refuseForeignValues(
  store: SeriesReads,
  { devices }: Registry,
  member: Member,
  database: string,
): Promise<void> {
  const share = devices.filter(({ id }) => isInShare(id, member))
  const series = share.flatMap(({ sensors }) => sensors.map(({ id }) => id))
  const [stored] = await store.latest(series).catch((error: unknown) => {
    if (!(error instanceof TransientFault)) throw error
    throw new CommandError(
      EXIT.unreachable,
      `${error.message}; a new member must see once that the database is without values of its devices`,
      { cause: error },
    )
  })
  if (stored === undefined) return
  throw new CommandError(
    EXIT.badInput,
    `the database ${database} already holds values of ${stored.series}, which this new data folder knows nothing of and would write over: give --influx-database a new one for every member, or --data the folder that stored them`,
  )
}
