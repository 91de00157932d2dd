import { ANY_PORTS, startProgram } from '../../setup/program.js'
import { buildWhenOld, writeLoadCity } from '../load-service.js'
import { STOP_WITHIN_MS, type Peer } from './peer.js'

/** Ours, as a user starts it on a broker and an InfluxDB that stand already. */
export const rainledger: Peer = {
  name: 'rainledger',
  measurement: 'observation',
  async start({ mosquitto, influxd, database, folder }) {
    await buildWhenOld()
    const { process: server } = await startProgram([
      ...['--data', `${folder}/data`, '--city', await writeLoadCity(folder)],
      ...['--log-level', 'error', ...ANY_PORTS],
      ...['--broker', 'external', '--broker-url', mosquitto.url],
      ...['--store', 'influx', '--influx-url', influxd.url, '--influx-database', database],
    ])
    return { pid: server.pid, stop: () => server.stop(STOP_WITHIN_MS), kill: () => server.kill() }
  },
}
