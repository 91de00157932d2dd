/**
 * The embedded broker as the service runs it, with everything behind it left out: what comes is
 * acknowledged at once and forgotten. A process of its own; prints one JSON line when it listens.
 *
 *     tsx test/bench/broker-alone.ts CITY.yaml
 */
import { loadRegistry } from '../../src/adapters/city-file/index.js'
import { openEmbeddedBroker } from '../../src/adapters/mqtt/index.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import { READ_OPTIONS } from '../../src/app/read-options.js'
import { quietLogger } from '../setup/quiet-logger.js'

const loaded = await loadRegistry(process.argv[2] ?? '', READ_OPTIONS)
if (!loaded.ok) throw new Error('the city has faults; see rainledger city check')
const { registry } = loaded
const version = { registry, index: registryIndex(registry) }
const broker = await openEmbeddedBroker({
  host: '127.0.0.1',
  tcpPort: 0,
  wsPort: 0,
  maxPacketBytes: 256 * 1024,
  registry: () => version,
  secrets: {
    matches: () => true,
    issue: () => Promise.resolve(''),
    onReplaced: () => () => undefined,
    devices: () => [],
  },
  accept: () => Promise.resolve(),
  logger: quietLogger,
})
process.stdout.write(
  `${JSON.stringify({ event: 'ready', mqtt: `mqtt://127.0.0.1:${broker.tcpPort}` })}\n`,
)
process.on('SIGTERM', () => void broker.stop().then(() => process.exit(0)))
