import { join } from 'node:path'
import { startServer } from '../../setup/server-process.js'
import { FILTER, STOP_WITHIN_MS, type Peer } from './peer.js'

/** MQTT.js and InfluxData's client in twenty lines. */
export const plainWriter: Peer = {
  name: 'plain-writer',
  measurement: 'level',
  async start({ mosquitto, influxd, database }) {
    const program = join(import.meta.dirname, 'plain-writer-program.ts')
    const args = ['--import', 'tsx', program, mosquitto.url, FILTER, influxd.url, database]
    const server = startServer(process.execPath, args)
    await server.printed(/subscribed/, 30_000)
    return { pid: server.pid, stop: () => server.stop(STOP_WITHIN_MS), kill: () => server.kill() }
  },
}
