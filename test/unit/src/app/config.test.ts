import { expect, test } from 'vitest'
import {
  readIngestConfig,
  readServeConfig,
  readUpConfig,
  sampleConfiguration,
} from '../../../../src/app/config.js'
import { CommandError } from '../../../../src/app/exit.js'

test('without flags the defaults hold, and nothing listens beyond this machine', () => {
  const config = readUpConfig({})
  expect(config).toMatchObject({ host: '127.0.0.1', mqttHost: '127.0.0.1', store: 'duckdb' })
})

test('all faults of a configuration are told at once, by flag and value', () => {
  let message = ''
  try {
    readUpConfig({ httpPort: '70000', store: 'oracle', maxPacketBytes: '12' })
  } catch (error) {
    if (error instanceof CommandError) message = error.message
  }
  expect(message).toContain('--http-port "70000"')
  expect(message).toContain('--store "oracle"')
  expect(message).toContain('--max-packet-bytes "12"')
})

test('a store elsewhere needs its address', () => {
  expect(() => readUpConfig({ store: 'influx' })).toThrow('--influx-url')
  expect(() => readUpConfig({ store: 'influx', influxUrl: 'ftp://there' })).toThrow('http://')
})

test('a broker elsewhere needs its address, without credentials in it', () => {
  expect(() => readUpConfig({ broker: 'external' })).toThrow('--broker-url')
  for (const brokerUrl of ['http://there', 'mqtt://name@there', 'mqtt://:secret@there']) {
    expect(() => readUpConfig({ broker: 'external', brokerUrl })).toThrow('--broker-url')
  }
  const given = { broker: 'external', brokerUrl: 'mqtts://there:8883' }
  expect(() => readUpConfig({ ...given, brokerCert: 'ours.pem' })).toThrow('--broker-key')
  expect(readUpConfig(given)).toMatchObject({ brokerVersion: '5', brokerUrl: 'mqtts://there:8883' })
})

test('the broker’s own settings must go together', () => {
  const tls = { mqttTlsPort: '8883', mqttTlsCert: 'broker.crt', mqttTlsKey: 'broker.key' }
  expect(readUpConfig(tls)).toMatchObject({ mqttTlsHost: '127.0.0.1', mqttPlain: 'on' })
  expect(() => readUpConfig({ mqttTlsPort: '8883' })).toThrow('--mqtt-tls-cert')
  expect(() => readUpConfig({ mqttTlsCa: 'ca.crt' })).toThrow('--mqtt-tls-port')
  expect(() => readUpConfig({ mqttPlain: 'off' })).toThrow('--mqtt-tls-port')
  expect(readUpConfig({ ...tls, mqttPlain: 'off' })).toMatchObject({ mqttPlain: 'off' })
})

test('a byte rate below the largest packet would hold it too long', () => {
  const largest = { maxPacketBytes: '4096' }
  expect(() => readUpConfig({ ...largest, mqttDeviceBytesPerS: '4095' })).toThrow('4096')
  expect(readUpConfig({ ...largest, mqttDeviceBytesPerS: '4096' }).mqttDeviceBytesPerS).toBe(4_096)
  expect(readUpConfig({ ...largest, mqttDeviceBytesPerS: '0' }).mqttDeviceBytesPerS).toBe(0)
})

test('the sample configuration names every setting with its default', () => {
  const sample = sampleConfiguration()
  expect(sample).toContain('#RAINLEDGER_HTTP_PORT=8080')
  expect(sample).toContain('#RAINLEDGER_INFLUX_TOKEN=\n')
  expect(sample.match(/^#RAINLEDGER_/gm)?.length).toBeGreaterThan(12)
})

const SHARED = { brokerUrl: 'mqtt://there', influxUrl: 'http://there' }

test('a member takes its share from an external broker into a shared database', () => {
  expect(readIngestConfig({ ...SHARED, member: '2/3' })).toMatchObject({
    member: { number: 2, of: 3 },
    broker: 'external',
    store: 'influx',
  })
  expect(readUpConfig({}).member).toBeNull()
})

test.each([
  [{ member: '3/2' }, '--member "3/2": k/N with k from 1 to N'],
  [{}, '--member: k/N, for example 1/2'],
  [{ member: '1/2', store: 'duckdb' }, '--store "duckdb": influx'],
  [{ member: '1/2', broker: 'embedded' }, '--broker "embedded": external'],
  [{ member: '1/2', brokerUrl: '' }, '--broker-url'],
  [{ member: '1/2', influxUrl: '' }, '--influx-url'],
])('what a member cannot be told: %j', (flags, told) => {
  expect(() => readIngestConfig({ ...SHARED, ...flags })).toThrow(told)
})

test('serve asks the addresses that it is given', () => {
  const member = 'http://127.0.0.1:8081,http://127.0.0.1:8082'
  expect(readServeConfig({ ...SHARED, member }).member).toEqual([
    'http://127.0.0.1:8081',
    'http://127.0.0.1:8082',
  ])
  expect(() => readServeConfig({ ...SHARED, member: 'there' })).toThrow('http:// or https://')
  expect(() => readServeConfig({ member })).toThrow('--influx-url')
})
