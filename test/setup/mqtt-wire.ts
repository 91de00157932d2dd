import { once } from 'node:events'
import { connect } from 'node:net'
import { generate, parser, type IConnectPacket, type Packet } from 'mqtt-packet'
import { eventually } from './eventually.js'

type PacketOf<Cmd> = Extract<Packet, { cmd: Cmd }>

/**
 * An MQTT 3.1.1 client that does nothing by itself: no ping, no acknowledgement, no reconnect. What a
 * test does not write is not sent.
 */
export interface WireClient {
  send(packet: Packet): void
  sendBytes(bytes: Uint8Array): void
  /** The next packet of that kind, which is then taken. Rejects when none comes. */
  next<Cmd extends Packet['cmd']>(cmd: Cmd): Promise<PacketOf<Cmd>>
  /** Packets that came and were not taken. */
  rest(): readonly Packet[]
  /** Publishes and goes through the whole exchange of that QoS. */
  publish(topic: string, payload: string, qos: 0 | 1 | 2, retain?: boolean): Promise<void>
  /** The return codes of the SUBACK, or granted QoS. */
  subscribe(filters: Readonly<Record<string, 0 | 1 | 2>>): Promise<readonly unknown[]>
  /** Resolves once the connection has ended, by whichever side. */
  readonly closed: Promise<void>
  /** DISCONNECT, and waits for the end. */
  disconnect(): Promise<void>
  /** Ends the connection without a word. */
  cut(): Promise<void>
}

/** Opens a connection and sends nothing. */
export async function openWire(port: number): Promise<WireClient> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const received: Packet[] = []
  const reading = parser()
  reading.on('packet', (packet: Packet) => received.push(packet))
  socket.on('data', (bytes) => reading.parse(bytes))
  // A connection that the broker ends may be reset; `closed` tells of it.
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let messageId = 0

  const client: WireClient = {
    closed,
    send(packet) {
      socket.write(generate(packet))
    },
    sendBytes(bytes) {
      socket.write(bytes)
    },
    next: <Cmd extends Packet['cmd']>(cmd: Cmd) =>
      eventually(() => {
        const at = received.findIndex((packet) => packet.cmd === cmd)
        const found = at === -1 ? undefined : received.splice(at, 1)[0]
        return Promise.resolve(found as PacketOf<Cmd> | undefined)
      }),
    rest: () => received,
    async publish(topic, payload, qos, retain = false) {
      const id = qos === 0 ? {} : { messageId: ++messageId }
      client.send({ cmd: 'publish', topic, payload, qos, retain, dup: false, ...id })
      if (qos === 1) await client.next('puback')
      if (qos !== 2) return
      await client.next('pubrec')
      client.send({ cmd: 'pubrel', messageId })
      await client.next('pubcomp')
    },
    async subscribe(filters) {
      const subscriptions = Object.entries(filters).map(([topic, qos]) => ({ topic, qos }))
      client.send({ cmd: 'subscribe', messageId: ++messageId, subscriptions })
      return (await client.next('suback')).granted
    },
    async disconnect() {
      client.send({ cmd: 'disconnect' })
      await closed
    },
    async cut() {
      socket.destroy()
      await closed
    },
  }
  return client
}

/** A CONNECT as the Paho suite sends it. */
export function connectPacket(clientId: string, more: Partial<IConnectPacket> = {}): Packet {
  return {
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, keepalive: 30, clean: true },
    ...{ clientId, username: clientId, ...more },
  }
}
