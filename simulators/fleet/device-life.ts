import { deviceTopic } from '../../src/domain/city/device-topics.js'
import { SECOND_MS } from '../../src/domain/time.js'
import type { FaultEntry } from '../sensors/readings.js'
import type { DevicePlan, LineEvent } from './device-plan.js'
import type { FleetPlan } from './fleet-plan.js'
import { deviceLine, type Line } from './line.js'
import { deviceMessages } from './messages.js'
import { deviceOutbox } from './outbox.js'
import { changes, type Meeting } from './pacing.js'
import { connectSession } from './session.js'
import type { DeviceTally, Latencies } from './tally.js'

/** What a device finds outside itself. */
export interface World {
  readonly url: URL
  readonly fleet: FleetPlan
  /** Aborted when the run's time is up. */
  readonly signal: AbortSignal
  readonly latencies: Latencies
  readonly meetings: ReadonlyMap<number, Meeting>
  readonly onFault: (fault: FaultEntry) => void
  /** Called by each device after its first CONNACK. */
  readonly onFirstConnected: () => void
  /** Resolves when it is the device's turn to connect. */
  turn(): Promise<void>
  /** Resolves when the scenario's time has come; at once where devices go as fast as acknowledged. */
  due(atMs: number, signal: AbortSignal): Promise<void>
}

/**
 * One device from its first connection to its last acknowledgement: measures, keeps, sends, loses
 * the line, comes back and sends again what was not acknowledged. Never rejects for what the network
 * does; what went wrong stands in the tally.
 */
export async function liveDevice(
  plan: DevicePlan,
  secret: string,
  tally: DeviceTally,
  world: World,
): Promise<void> {
  const { fleet, url, latencies } = world
  const { connection, time } = fleet.scenario
  const device = plan.device.id
  const cityId = fleet.registry.city.id
  const topics = {
    up: deviceTopic(cityId, device, 'up'),
    state: deviceTopic(cityId, device, 'state'),
  }
  const news = changes()
  const ending = new AbortController()
  const { signal } = ending
  world.signal.addEventListener('abort', () => ending.abort(), { once: true })
  const outbox = deviceOutbox({
    ...{ plan, topics, window: connection.window, tally, latencies },
    onAckLost: () => line.cut(),
    onChange: () => news.tell(),
  })
  const line: Line = deviceLine({
    ...{ device, chance: fleet.weather.chance, tally, news, ending },
    turn: () => world.turn(),
    open: () =>
      connectSession({
        ...{ url, device, secret, keepAliveS: connection.keepAliveS },
        ackWithinS: connection.ackWithinS,
        will: { topic: topics.state, payload: 'offline' },
        onPuback: (id) => outbox.onPuback(id),
      }),
    attach(session) {
      if (tally.connects === 1) world.onFirstConnected()
      outbox.attach(session)
    },
    detach: () => outbox.detach(),
  })
  const events = [...plan.events]
  const appointments = events.filter(({ does }) => does === 'is-cut-with-all')

  const keepsPace = time.pace === 'asFastAsAcked'
  let cutsNext = false

  async function happen(event: LineEvent): Promise<void> {
    if (event.does === 'comes-online') {
      line.want('online')
      return
    }
    if (event.inFlight === 'awaited' && line.isWanted()) {
      await news.until(() => outbox.isIdle() || line.isOver())
    }
    if (event.does === 'is-cut-with-all') {
      line.skipTurn()
      appointments.splice(appointments.indexOf(event), 1)
      await Promise.race([world.meetings.get(event.atMs)?.arrive(), aborted(signal)])
    }
    if (event.does === 'goes-offline') line.want('offline')
    // Where acknowledgements set the pace nothing is under way by now: the next message will be.
    if (keepsPace && event.does !== 'goes-offline' && event.inFlight === 'cut') cutsNext = true
    else line.cut()
  }

  /** @param beforeMs events of this instant come after the message that is ready then */
  async function happenAll(beforeMs: number): Promise<void> {
    for (let event = events[0]; event !== undefined && event.atMs < beforeMs; event = events[0]) {
      await world.due(event.atMs, signal)
      if (line.isOver()) return
      events.shift()
      await happen(event)
    }
  }

  /** Devices do not speak in chorus. */
  const laterMs = fleet.weather.chance.uniform(device, 'moment') * time.spreadS * SECOND_MS
  const room = Math.min(connection.window, plan.buffer.messages)
  /** Scenario time stands still while the line should be there and is not, or the window is full. */
  async function untilRoom(): Promise<void> {
    if (!keepsPace || !line.isWanted()) return
    await news.until(() => (line.isUp() && outbox.waiting() < room) || line.isOver())
  }

  await untilRoom()
  for (const message of deviceMessages(fleet, plan, world.onFault)) {
    await happenAll(message.dueMs)
    await world.due(message.dueMs + laterMs, signal)
    if (line.isOver()) break
    outbox.put(message)
    if (cutsNext) line.cut()
    cutsNext = false
    await untilRoom()
  }
  await happenAll(Infinity)
  if (cutsNext) line.cut()
  // Whoever gives up is not waited for.
  for (const { atMs } of appointments) world.meetings.get(atMs)?.leave()
  line.want('online')
  await news.until(() => (outbox.isIdle() && line.isUp()) || line.isOver())
  tally.isFinished = !line.isOver()
  tally.unacknowledged = outbox.giveUp()
  await line.end()
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
