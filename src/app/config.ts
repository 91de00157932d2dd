import { Option } from 'commander'
import { z } from 'zod'
import { memberOfLabel, MOST_MEMBERS, type Member } from '../domain/city/member.js'
import { CommandError, EXIT } from './exit.js'

const port = z.coerce.number().int().min(0).max(65535)
/** 0: none. */
const limit = z.coerce.number().int().nonnegative()

/**
 * Everything `rainledger up` can be told, by flag or by environment. The one place for defaults,
 * units and descriptions: flags, the sample configuration and the check at start come from it.
 * Other commands that run for long begin from it.
 */
const upSchema = z.strictObject({
  data: z.string().min(1).default('data').describe('folder of everything the service keeps'),
  city: z.string().min(1).optional().describe('city registry (YAML) for a new data folder'),
  schemes: z
    .string()
    .min(1)
    .optional()
    .describe('folder of evaluation schemes (YAML) of your own, beside those that come along'),
  host: z.string().min(1).default('127.0.0.1').describe('address the API and dashboard listen on'),
  httpPort: port.default(8080).describe('port of the API and dashboard; 0: the system chooses'),
  mqttHost: z.string().min(1).default('127.0.0.1').describe('address the broker listens on'),
  mqttPort: port.default(1883).describe('port of MQTT over TCP; 0: the system chooses'),
  wsPort: port.default(9001).describe('port of MQTT over WebSocket; 0: the system chooses'),
  mqttPlain: z
    .enum(['on', 'off'])
    .default('on')
    .describe('MQTT in clear, over TCP and WebSocket; off: over TLS only'),
  mqttTlsHost: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address the broker listens on for TLS'),
  mqttTlsPort: port
    .optional()
    .describe('port of MQTT over TLS, usually 8883; 0: the system chooses; without it no TLS'),
  mqttTlsCert: z
    .string()
    .min(1)
    .optional()
    .describe('PEM file of the certificate of the broker, with those between it and its authority'),
  mqttTlsKey: z.string().min(1).optional().describe('PEM file of the key of --mqtt-tls-cert'),
  mqttTlsCa: z
    .string()
    .min(1)
    .optional()
    .describe(
      'PEM file of who signs certificates of devices; such a device (common name = its id) needs no password',
    ),
  mqttMaxConnections: limit
    .default(10_000)
    .describe('MQTT connections there may be at once; 0: no limit'),
  mqttDeviceConnectsPerMinute: limit
    .default(120)
    .describe('how often a device may connect, a minute; 0: no limit'),
  mqttAddressConnectsPerMinute: limit
    .default(6_000)
    .describe('how often one address may connect, a minute, for all behind it; 0: no limit'),
  mqttDeviceMessagesPerS: limit
    .default(5_000)
    .describe('messages taken from one device, 1/s; beyond it the broker reads later; 0: no limit'),
  mqttDeviceBytesPerS: limit
    .default(2 * 1024 * 1024)
    .describe(
      'bytes taken from one device, 1/s, at least --max-packet-bytes; beyond it the broker reads later; 0: no limit',
    ),
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
    .optional()
    .describe(
      'client id of our persistent session at the external broker, used by nobody else; rainledger, or for a member rainledger-CITY-k-of-N',
    ),
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

/** What `startService` is told: everything of `up`, and which share of the devices is taken. */
export interface ServiceConfig extends UpConfig {
  /** null: this process alone takes all devices. */
  readonly member: Member | null
}

/** `rainledger ingest`: as `up`, of a share of the devices, and what shares need is fixed. */
const ingestSchema = upSchema.extend({
  member: z
    .string('k/N, for example 1/2: this process is number 1 of 2')
    .transform((label, context): Member => {
      const member = memberOfLabel(label)
      if (member !== null) return member
      context.addIssue(`k/N with k from 1 to N, N at most ${MOST_MEMBERS}, for example 1/2`)
      return z.NEVER
    })
    .describe('which share of the devices this process takes: k/N, number k of N'),
  httpPort: port.default(8081).describe('port of the HTTP API; 0: the system chooses'),
  broker: z
    .literal('external', 'external: members share the devices of one broker')
    .default('external')
    .describe('where messages come from: external'),
  store: z
    .literal('influx', 'influx: members share one database')
    .default('influx')
    .describe('where series are kept: influx'),
})

/** `rainledger serve`: what reads, and whom it asks. */
const serveSchema = upSchema
  .pick({
    schemes: true,
    host: true,
    httpPort: true,
    influxUrl: true,
    influxDatabase: true,
    influxOrganisation: true,
    influxUsername: true,
    influxPassword: true,
    influxToken: true,
    logLevel: true,
  })
  .extend({
    store: ingestSchema.shape.store,
    member: z
      .string('addresses of the members, for example http://127.0.0.1:8081')
      .transform((text) => text.split(',').map((address) => address.trim()))
      .pipe(
        z.array(
          z.url({
            protocol: /^https?$/,
            error: 'addresses that begin with http:// or https://, separated by commas',
          }),
        ),
      )
      .describe(
        'address of a member or of a standby, e.g. http://127.0.0.1:8081; several: give it again, or separate them by commas',
      ),
  })

export type ServeConfig = z.output<typeof serveSchema>

/** Settings of the broker in the process, which a member does not have. */
const EMBEDDED: ReadonlySet<string> = new Set([
  ...['mqttHost', 'mqttPort', 'wsPort', 'mqttPlain', 'maxPacketBytes'],
  ...['mqttTlsHost', 'mqttTlsPort', 'mqttTlsCert', 'mqttTlsKey', 'mqttTlsCa'],
  ...['mqttMaxConnections', 'mqttDeviceConnectsPerMinute', 'mqttAddressConnectsPerMinute'],
  ...['mqttDeviceMessagesPerS', 'mqttDeviceBytesPerS'],
])

/** A command's settings: their schema, and which of them are flags. */
interface Settings<Schema extends z.ZodObject> {
  readonly command: string
  readonly schema: Schema
  readonly names: readonly string[]
}

const UP: Settings<typeof upSchema> = {
  command: 'up',
  schema: upSchema,
  names: Object.keys(upSchema.shape),
}
const INGEST: Settings<typeof ingestSchema> = {
  command: 'ingest',
  schema: ingestSchema,
  names: Object.keys(ingestSchema.shape).filter((name) => !EMBEDDED.has(name)),
}

const SERVE: Settings<typeof serveSchema> = {
  command: 'serve',
  schema: serveSchema,
  names: Object.keys(serveSchema.shape),
}

/** Never printed, and never shown as a flag's value. */
const SECRET: ReadonlySet<string> = new Set(['influxPassword', 'influxToken', 'brokerPassword'])

/** The flags of `up`, or of another command those it uses, made from the schema. */
export function upOptions(names: readonly string[] = UP.names): Option[] {
  return optionsOf({ ...UP, names })
}

export const ingestOptions = (): Option[] => optionsOf(INGEST)
export function serveOptions(): Option[] {
  return optionsOf(SERVE).map((option) =>
    option.attributeName() === 'member' ? option.argParser(joinedByCommas) : option,
  )
}

/** A flag that is given several times is one list. */
function joinedByCommas(value: string, before: unknown): string {
  return typeof before === 'string' ? `${before},${value}` : value
}

/** Reads and checks what `up` was told; throws one CommandError that lists every fault. */
export function readUpConfig(flags: Flags): ServiceConfig {
  return { ...checked(readSettings(UP, flags)), member: null }
}

/** Reads and checks what `ingest` was told; throws one CommandError that lists every fault. */
export function readIngestConfig(flags: Flags): ServiceConfig {
  return checked(readSettings(INGEST, flags))
}

/** Reads and checks what `serve` was told; throws one CommandError that lists every fault. */
export function readServeConfig(flags: Flags): ServeConfig {
  return withInfluxUrl(readSettings(SERVE, flags))
}

/** A file for the environment with every setting, its default and what it means. */
export function sampleConfiguration(): string {
  const seen = new Set<string>()
  const parts = [UP, INGEST, SERVE].map((settings) => {
    const lines = settings.names.flatMap((name) => {
      const { fallback, description } = described(settings, name)
      const line = `# ${description}\n#${environmentName(name)}=${fallback ?? ''}\n`
      // What a command has in common with one before stands there.
      if (seen.has(line)) return []
      seen.add(line)
      return [line]
    })
    return `# Settings of rainledger ${settings.command}. A flag wins over the environment.\n\n${lines.join('\n')}`
  })
  return parts.join('\n')
}

type Flags = Readonly<Record<string, unknown>>

function optionsOf(settings: Settings<z.ZodObject>): Option[] {
  return settings.names.map((name) => {
    const { fallback, description } = described(settings, name)
    const suffix = fallback === undefined ? '' : ` (default: ${fallback})`
    return new Option(`${flagName(name)} <value>`, `${description}${suffix}`)
  })
}

/** Flags, then the environment, then defaults; checked whole. */
function readSettings<Schema extends z.ZodObject>(
  { schema, names }: Settings<Schema>,
  flags: Flags,
): z.output<Schema> {
  const given: Record<string, unknown> = {}
  for (const name of names) {
    const value = flags[name] ?? process.env[environmentName(name)]
    if (value !== undefined && value !== '') given[name] = value
  }
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => {
    const name = String(issue.path[0])
    const isShown = !SECRET.has(name) && given[name] !== undefined
    const found = isShown ? ` ${JSON.stringify(given[name])}` : ''
    return `${flagName(name)}${found}: ${issue.message}`
  })
  throw new CommandError(EXIT.badInput, `wrong configuration\n  ${faults.join('\n  ')}`)
}

function withInfluxUrl<Config extends Pick<UpConfig, 'store' | 'influxUrl'>>(
  config: Config,
): Config {
  if (config.store !== 'influx' || config.influxUrl !== undefined) return config
  throw new CommandError(
    EXIT.badInput,
    '--store influx needs --influx-url, e.g. http://127.0.0.1:8086',
  )
}

/** What one setting wants of another. */
function checked<Config extends UpConfig>(config: Config): Config {
  withInfluxUrl(config)
  if (config.broker === 'external' && config.brokerUrl === undefined) {
    throw new CommandError(
      EXIT.badInput,
      '--broker external needs --broker-url, e.g. mqtt://127.0.0.1:1883',
    )
  }
  if ((config.brokerCert === undefined) !== (config.brokerKey === undefined)) {
    throw new CommandError(EXIT.badInput, '--broker-cert and --broker-key are given together')
  }
  const fault = embeddedBrokerFault(config)
  if (fault !== null) throw new CommandError(EXIT.badInput, fault)
  return config
}

/** What of the embedded broker's settings does not go together. */
function embeddedBrokerFault(config: UpConfig): string | null {
  const { mqttTlsPort, mqttTlsCert, mqttTlsKey, mqttTlsCa, mqttDeviceBytesPerS } = config
  const isTls = mqttTlsPort !== undefined
  if (isTls !== (mqttTlsCert !== undefined) || isTls !== (mqttTlsKey !== undefined)) {
    return '--mqtt-tls-port, --mqtt-tls-cert and --mqtt-tls-key are given together'
  }
  if (mqttTlsCa !== undefined && !isTls) return '--mqtt-tls-ca needs --mqtt-tls-port'
  if (config.mqttPlain === 'off' && !isTls) {
    return '--mqtt-plain off leaves no way in; give --mqtt-tls-port with certificate and key'
  }
  // A packet that weighs more than a second's worth would hold its connection beyond its keep alive.
  if (mqttDeviceBytesPerS > 0 && mqttDeviceBytesPerS < config.maxPacketBytes) {
    return `--mqtt-device-bytes-per-s ${mqttDeviceBytesPerS}: at least --max-packet-bytes, ${config.maxPacketBytes}, or 0`
  }
  return null
}

/** The token for commands that talk to a service elsewhere. */
export function tokenFromEnvironment(): string | undefined {
  return process.env['RAINLEDGER_TOKEN']
}

function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function environmentName(name: string): string {
  return `RAINLEDGER_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function described(
  { schema }: Settings<z.ZodObject>,
  name: string,
): { readonly fallback: string | undefined; readonly description: string } {
  const setting = schema.shape[name] as z.ZodType
  const json = z.toJSONSchema(setting, { io: 'input' })
  const fallback = json.default === undefined ? undefined : JSON.stringify(json.default)
  return { fallback: fallback?.replace(/^"|"$/g, ''), description: setting.description ?? '' }
}
