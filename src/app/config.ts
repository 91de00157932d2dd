import { Option } from 'commander'
import { z } from 'zod'
import { CommandError, EXIT } from './exit.js'

const port = z.coerce.number().int().min(0).max(65535)

/**
 * Everything `rainledger up` can be told, by flag or by environment. The one place for defaults,
 * units and descriptions: flags, the sample configuration and the check at start come from it.
 */
const upSchema = z.strictObject({
  data: z.string().min(1).default('data').describe('folder of everything the service keeps'),
  city: z.string().min(1).optional().describe('city registry (YAML) for a new data folder'),
  host: z.string().min(1).default('127.0.0.1').describe('address the API and dashboard listen on'),
  httpPort: port.default(8080).describe('port of the API and dashboard; 0: the system chooses'),
  mqttHost: z.string().min(1).default('127.0.0.1').describe('address the broker listens on'),
  mqttPort: port.default(1883).describe('port of MQTT over TCP; 0: the system chooses'),
  wsPort: port.default(9001).describe('port of MQTT over WebSocket; 0: the system chooses'),
  maxPacketBytes: z.coerce
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(256 * 1024)
    .describe('largest MQTT packet taken, bytes'),
  broker: z
    .enum(['embedded', 'external'])
    .default('embedded')
    .describe('where messages come from: the broker in this process, or an external one'),
  brokerUrl: z
    .url({
      protocol: /^(mqtts?|wss?)$/,
      error: 'an address that begins with mqtt://, mqtts://, ws:// or wss://',
    })
    .refine(
      (url) => new URL(url).username === '' && new URL(url).password === '',
      'an address without credentials; give --broker-username and RAINLEDGER_BROKER_PASSWORD',
    )
    .optional()
    .describe('broker to use with --broker external, e.g. mqtts://broker.example:8883'),
  brokerClientId: z
    .string()
    .min(1)
    .default('rainledger')
    .describe('client id of our persistent session at the external broker; used by nobody else'),
  brokerVersion: z
    .enum(['3.1.1', '5'])
    .default('5')
    .describe('MQTT version spoken with the external broker: 3.1.1 or 5'),
  brokerReceiveMaximum: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(5_000)
    .describe('messages the external broker may have under way unacknowledged (MQTT 5)'),
  brokerKeepaliveS: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(30)
    .describe('how often a silent connection to the external broker is probed, s'),
  brokerUsername: z.string().optional().describe('user name at the external broker'),
  brokerPassword: z
    .string()
    .optional()
    .describe('password at the external broker; better by environment'),
  brokerCa: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of who signed the certificate of the external broker'),
  brokerCert: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of our certificate for the external broker'),
  brokerKey: z.string().min(1).optional().describe('PEM file of the key of --broker-cert'),
  journalMaxMb: z.coerce
    .number()
    .positive()
    .default(10_240)
    .describe('disk the journal may fill, MB; beyond it messages are not acknowledged'),
  futureToleranceS: z.coerce
    .number()
    .nonnegative()
    .default(300)
    .describe('how far a device clock may run ahead before its values are refused, s'),
  store: z
    .enum(['duckdb', 'influx'])
    .default('duckdb')
    .describe('where series are kept: duckdb or influx'),
  influxUrl: z
    .url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' })
    .optional()
    .describe('InfluxDB to use with --store influx, e.g. http://127.0.0.1:8086'),
  influxDatabase: z
    .string()
    .min(1)
    .default('rainledger')
    .describe('InfluxDB database (1.x) or bucket'),
  influxOrganisation: z.string().optional().describe('InfluxDB 2.x organisation'),
  influxUsername: z.string().optional().describe('InfluxDB 1.x user name'),
  influxPassword: z.string().optional().describe('InfluxDB 1.x password; better by environment'),
  influxToken: z.string().optional().describe('InfluxDB 2.x/3.x token; better by environment'),
  logLevel: z
    .enum(['error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('error, warn, info or debug; logged to stderr as JSON lines'),
})

export type UpConfig = z.output<typeof upSchema>

type FlagName = keyof typeof upSchema.shape

const FLAG_NAMES = Object.keys(upSchema.shape) as readonly FlagName[]

/** Never printed, and never shown as a flag's value. */
const SECRET: ReadonlySet<FlagName> = new Set(['influxPassword', 'influxToken', 'brokerPassword'])

/** The flags of `up`, or of another command those it uses, made from the schema. */
export function upOptions(names: readonly FlagName[] = FLAG_NAMES): Option[] {
  return names.map((name) => {
    const { fallback, description } = described(name)
    const suffix = fallback === undefined ? '' : ` (default: ${fallback})`
    return new Option(`${flagName(name)} <value>`, `${description}${suffix}`)
  })
}

/** A file for the environment with every setting, its default and what it means. */
export function sampleConfiguration(): string {
  const lines = FLAG_NAMES.map((name) => {
    const { fallback, description } = described(name)
    return `# ${description}\n#${environmentName(name)}=${fallback ?? ''}\n`
  })
  return `# Settings of rainledger up. A flag wins over the environment.\n\n${lines.join('\n')}`
}

/**
 * Reads flags, then the environment, then defaults; checks the whole and throws one CommandError
 * that lists every fault.
 */
export function readUpConfig(flags: Readonly<Record<string, unknown>>): UpConfig {
  const given: Record<string, unknown> = {}
  for (const name of FLAG_NAMES) {
    const value = flags[name] ?? process.env[environmentName(name)]
    if (value !== undefined && value !== '') given[name] = value
  }
  const read = upSchema.safeParse(given)
  if (!read.success) {
    const faults = read.error.issues.map((issue) => {
      const name = issue.path[0] as FlagName
      const found = SECRET.has(name) ? '' : ` ${JSON.stringify(given[name])}`
      return `${flagName(name)}${found}: ${issue.message}`
    })
    throw new CommandError(EXIT.badInput, `wrong configuration\n  ${faults.join('\n  ')}`)
  }
  if (read.data.store === 'influx' && read.data.influxUrl === undefined) {
    throw new CommandError(
      EXIT.badInput,
      '--store influx needs --influx-url, e.g. http://127.0.0.1:8086',
    )
  }
  if (read.data.broker === 'external' && read.data.brokerUrl === undefined) {
    throw new CommandError(
      EXIT.badInput,
      '--broker external needs --broker-url, e.g. mqtt://127.0.0.1:1883',
    )
  }
  if ((read.data.brokerCert === undefined) !== (read.data.brokerKey === undefined)) {
    throw new CommandError(EXIT.badInput, '--broker-cert and --broker-key are given together')
  }
  return read.data
}

/** The token for commands that talk to a service elsewhere. */
export function tokenFromEnvironment(): string | undefined {
  return process.env['RAINLEDGER_TOKEN']
}

function flagName(name: FlagName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function environmentName(name: FlagName): string {
  return `RAINLEDGER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function described(name: FlagName): {
  readonly fallback: string | undefined
  readonly description: string
} {
  const schema = upSchema.shape[name]
  const json = z.toJSONSchema(schema, { io: 'input' })
  const fallback = json.default === undefined ? undefined : JSON.stringify(json.default)
  return { fallback: fallback?.replace(/^"|"$/g, ''), description: schema.description ?? '' }
}
