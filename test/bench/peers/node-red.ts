import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../setup/free-port.js'
import { runCommand, startServer } from '../../setup/server-process.js'
import { FILTER, STOP_WITHIN_MS, type Peer, type PeerPlace } from './peer.js'

const PACKAGES = ['node-red@4.1', 'node-red-contrib-influxdb@0.7']
/** Node-RED says when it is connected, not when it is subscribed, which follows in the same turn. */
const SUBSCRIBED_MS = 2_000

/**
 * Node-RED with the InfluxDB nodes of its library, put by npm into a folder for this run only.
 * Throws with npm's words when it cannot be had.
 */
export async function installNodeRed(folder: string): Promise<Peer> {
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const flags = ['--no-audit', '--no-fund', '--prefix', folder]
  const { code, stderr } = await runCommand('npm', ['install', ...flags, ...PACKAGES])
  if (code !== 0) throw new Error(`npm install ${PACKAGES.join(' ')} failed: ${lastLines(stderr)}`)
  return {
    name: 'node-red',
    measurement: 'level',
    async start(place) {
      const flows = join(folder, 'flows.json')
      await writeFile(flows, JSON.stringify(flow(place)))
      const settings = join(folder, 'settings.cjs')
      const port = await freePort()
      await writeFile(
        settings,
        `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', disableEditor: true, flowFile: ${JSON.stringify(flows)} }`,
      )
      const program = join(folder, 'node_modules/node-red/red.js')
      const args = [program, '--userDir', folder, '--settings', settings]
      const server = startServer(process.execPath, args)
      await server.printed(/Connected to broker/, 60_000)
      await pause(SUBSCRIBED_MS)
      return { pid: server.pid, stop: () => server.stop(STOP_WITHIN_MS), kill: () => server.kill() }
    },
  }
}

/** mqtt in (QoS 1, persistent session) → function → influxdb out: the flow of the nodes' own help. */
function flow({ mosquitto, influxd, database }: PeerPlace): unknown[] {
  const { hostname, port } = new URL(influxd.url)
  const toPoint =
    "const r = msg.payload[0]; msg.payload = [{ value: r.v, time: Math.round(r.t * 1000) }, { device: msg.topic.split('/')[3] }]; return msg"
  return [
    { id: 'tab', type: 'tab', label: 'levels' },
    {
      ...{ id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port: String(mosquitto.port) },
      ...{ clientid: 'node-red', autoConnect: true, cleansession: false, protocolVersion: '4' },
      ...{ keepalive: '60', usetls: false },
    },
    {
      ...{ id: 'in', type: 'mqtt in', z: 'tab', broker: 'broker', topic: FILTER, qos: '1' },
      ...{ datatype: 'json', inputs: 0, x: 100, y: 100, wires: [['point']] },
    },
    {
      ...{ id: 'point', type: 'function', z: 'tab', func: toPoint, outputs: 1 },
      ...{ x: 300, y: 100, wires: [['out']] },
    },
    {
      ...{ id: 'influx', type: 'influxdb', influxdbVersion: '1.x', usetls: false },
      ...{ hostname, port, protocol: 'http', database },
    },
    {
      ...{ id: 'out', type: 'influxdb out', z: 'tab', influxdb: 'influx', measurement: 'level' },
      ...{ precision: 'ms', retentionPolicy: '', x: 500, y: 100, wires: [] },
    },
  ]
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join('; ')
}
