import { expect, test } from 'vitest'
import { readUpConfig, sampleConfiguration } from '../../../../src/app/config.js'
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

test('the sample configuration names every setting with its default', () => {
  const sample = sampleConfiguration()
  expect(sample).toContain('#RAINLEDGER_HTTP_PORT=8080')
  expect(sample).toContain('#RAINLEDGER_INFLUX_TOKEN=\n')
  expect(sample.match(/^#RAINLEDGER_/gm)?.length).toBeGreaterThan(12)
})
