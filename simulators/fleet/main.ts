import { connect } from 'node:net'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { FaultEntry } from '../sensors/readings.js'
import { fleetCity } from './fleet-city.js'
import { runFleet, type FleetProgress } from './fleet.js'
import { fleetPlan } from './fleet-plan.js'
import { readScenario } from './scenario.js'
import { ApiFault, issuedSecrets, secretsOfFile } from './secrets.js'
import { isBrokerUrl, portOf } from './session.js'
import { isAllAcknowledged, summaryText } from './summary.js'
import { BadFile } from './yaml-faults.js'

const EXIT = { allAcknowledged: 0, notAcknowledged: 1, badScenario: 2, unreachable: 3 } as const
const BROKER_ANSWERS_WITHIN_MS = 5_000

const HELP = `npm run simulate -- SCENARIO.yaml --broker URL [flags]

Runs a fleet of simulated devices against a broker and tells what was acknowledged.

  --broker URL       mqtt://host:port or mqtts://host:port
  --api URL          have secrets issued by this service; the devices' old ones are void at once
  --token TOKEN      write token of the service, printed at its start
  --secrets FILE     secrets as JSON instead: {"device": "secret", …}
  --write-city FILE  write the scenario's registry, for \`rainledger up --city\`, and end
  --faults FILE      write every fault of every sensor, as JSON
  --json             the summary as one JSON line, with what must be in the books of each device
  --help

Exit codes: 0 all acknowledged; 1 something was not in time; 2 bad usage or scenario;
3 broker or service not reachable.

Examples:
  npm run simulate -- simulators/fleet/scenarios/rough-network.yaml --write-city /tmp/city.yaml
  npx rainledger up --city /tmp/city.yaml --data /tmp/rough          # in another terminal
  npm run simulate -- simulators/fleet/scenarios/rough-network.yaml \\
    --broker mqtt://127.0.0.1:1883 --api http://127.0.0.1:8080 --token TOKEN
  npm run simulate -- my.yaml --broker mqtts://broker.example:8883 --secrets secrets.json --json
  (an authority of your own for TLS: NODE_EXTRA_CA_CERTS=ca.pem)
`

class Ending extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message)
  }
}

function given() {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    ...{ broker: text, api: text, token: text, secrets: text, faults: text },
    ...{ 'write-city': text, json: flag, help: flag },
  } as const
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Ending(EXIT.badScenario, `${why}\nsee --help`)
  }
}

async function main(): Promise<number> {
  const { values, positionals } = given()
  if (values.help === true) {
    process.stdout.write(HELP)
    return EXIT.allAcknowledged
  }
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) {
    throw new Ending(EXIT.badScenario, 'one scenario file is needed\nsee --help')
  }
  const text = await readFile(file, 'utf8').catch(() => {
    throw new BadFile(`${file} cannot be read`)
  })
  const scenario = readScenario(file, text)
  const city = await fleetCity(scenario, file)
  if (values['write-city'] !== undefined) {
    await writeFile(values['write-city'], city.text())
    return EXIT.allAcknowledged
  }
  const plan = fleetPlan(scenario, city.registry, Date.now())
  const url = brokerUrl(values.broker)
  await assertReachable(url)
  const devices = plan.devices.map(({ device }) => device.id)
  const secrets = await secretsOf(values, devices)

  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  process.once('SIGTERM', () => stopping.abort())
  const faults: FaultEntry[] = []
  const summary = await runFleet({
    plan,
    url,
    secrets,
    signal: stopping.signal,
    onProgress: (progress) => tell(progressText(progress)),
    ...(values.faults === undefined ? {} : { onFault: (fault: FaultEntry) => faults.push(fault) }),
  })
  if (values.faults !== undefined) await writeFile(values.faults, `${JSON.stringify(faults)}\n`)
  process.stdout.write(values.json === true ? `${JSON.stringify(summary)}\n` : summaryText(summary))
  return isAllAcknowledged(summary) ? EXIT.allAcknowledged : EXIT.notAcknowledged
}

function brokerUrl(broker: string | undefined): URL {
  const url = broker !== undefined && URL.canParse(broker) ? new URL(broker) : null
  if (url !== null && isBrokerUrl(url)) return url
  throw new Ending(EXIT.badScenario, '--broker: mqtt://host:port or mqtts://host:port is needed')
}

/** Before secrets are issued: those of a fleet that cannot run should stay as they are. */
async function assertReachable(url: URL): Promise<void> {
  const fault = await new Promise<Error | null>((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(url) })
    socket.setTimeout(BROKER_ANSWERS_WITHIN_MS, () => socket.destroy(new Error('no answer')))
    socket.once('connect', () => {
      resolve(null)
      socket.destroy()
    })
    socket.once('error', resolve)
  })
  if (fault !== null) throw new Ending(EXIT.unreachable, `${url.href}: ${fault.message}`)
}

interface SecretFlags {
  readonly api?: string | undefined
  readonly token?: string | undefined
  readonly secrets?: string | undefined
}

async function secretsOf(
  { api, token, secrets }: SecretFlags,
  devices: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (secrets !== undefined) return await secretsOfFile(secrets, devices)
  if (api === undefined || token === undefined) {
    throw new Ending(EXIT.badScenario, '--secrets FILE, or --api URL and --token TOKEN, is needed')
  }
  return await issuedSecrets(api, token, devices, (count) => {
    if (count % 100 === 0 || count === devices.length) {
      tell(`secrets issued: ${count} of ${devices.length}`)
    }
  })
}

function progressText({ connected, devices, acked, made, messages }: FleetProgress): string {
  const percent = messages === 0 ? 100 : Math.min(100, Math.floor((made / messages) * 100))
  return `${connected} of ${devices} connected; ${acked} acknowledged of ${made} made (${percent} %)`
}

/** Drawn over itself on a terminal, a line each elsewhere. */
function tell(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${text}` : `${text}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (process.stderr.isTTY) process.stderr.write('\n')
  if (error instanceof Ending || error instanceof BadFile || error instanceof ApiFault) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode =
      error instanceof Ending
        ? error.code
        : error instanceof ApiFault
          ? EXIT.unreachable
          : EXIT.badScenario
  } else {
    throw error
  }
}
