/**
 * The embedded broker as the service runs it, with everything behind it left out: what comes is
 * acknowledged at once and forgotten. A process of its own; prints one JSON line when it listens.
 *
 *     tsx test/bench/broker-alone.ts CITY.yaml
 */
import { loadRegistry } from '../../src/adapters/city-file/index.js'
import { NO_LIMITS, openEmbeddedBroker, registryAccess } from '../../src/adapters/mqtt/index.js'
import { registryIndex } from '../../src/domain/city/registry-index.js'
import { READ_OPTIONS } from '../../src/app/read-options.js'
import { quietLogger } from '../setup/quiet-logger.js'

const loaded = await loadRegistry(process.argv[2] ?? '', READ_OPTIONS)
if (!loaded.ok) throw new Error('the city has faults; see rainledger city check')
const { registry } = loaded
const version = { registry, index: registryIndex(registry) }
const LOCAL = { host: '127.0.0.1', port: 0 }
const broker = await openEmbeddedBroker({
  plain: { tcp: LOCAL, ws: LOCAL },
  tls: null,
  maxPacketBytes: 256 * 1024,
  limits: NO_LIMITS,
  access: registryAccess(() => version),
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
