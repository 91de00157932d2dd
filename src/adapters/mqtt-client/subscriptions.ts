import type { MqttClient } from 'mqtt'
import type { Member } from '../../domain/city/member.js'
import type { Registry } from '../../domain/city/registry.js'
import { BrokerRefusal } from './broker-refusal.js'
import { topicFilters } from './topics.js'

const FILTERS_PER_SUBSCRIBE = 100

/** What the broker has granted this process, kept in step with the registry. */
export interface Subscriptions {
  /** Asks for what is not granted yet and lets go of what is no longer wanted. Throws BrokerRefusal naming what the broker will not give. */
  update(registry: Registry): Promise<void>
  /** The broker has forgotten what it granted. */
  forget(): void
}

/**
 * @param member whose share of the devices; null: all
 * @param who says at which broker and as whom, for the words of a refusal
 */
export function openSubscriptions(
  client: MqttClient,
  member: Member | null,
  who: string,
): Subscriptions {
  const granted = new Set<string>()
  return {
    async update(registry) {
      const wanted = topicFilters(registry, member)
      const missing = wanted.filter((filter) => !granted.has(filter))
      for (let from = 0; from < missing.length; from += FILTERS_PER_SUBSCRIBE) {
        const filters = missing.slice(from, from + FILTERS_PER_SUBSCRIBE)
        const given = await grantedFilters(client, filters)
        for (const filter of given) granted.add(filter)
        const refused = filters.filter((filter) => !given.has(filter))
        if (refused.length === 0) continue
        throw new BrokerRefusal(
          `${who}: QoS 1 is not granted on ${refused.join(', ')}; change the broker's access rules`,
        )
      }
      for (const filter of granted) {
        if (wanted.includes(filter)) continue
        await client.unsubscribeAsync(filter)
        granted.delete(filter)
      }
    },
    forget: () => granted.clear(),
  }
}

/** The filters among those asked for that were granted with QoS 1. */
async function grantedFilters(
  client: MqttClient,
  filters: readonly string[],
): Promise<Set<string>> {
  return await new Promise((resolve, reject) => {
    client.subscribe([...filters], { qos: 1 }, (error, grants, packet) => {
      const answers = packet?.granted
      if (answers !== undefined) {
        resolve(new Set(filters.filter((_, index) => answers[index] === 1)))
      } else if (error) reject(error)
      else resolve(new Set((grants ?? []).filter(({ qos }) => qos === 1).map(({ topic }) => topic)))
    })
  })
}
