/**
 * What most write: MQTT.js hands each message to a listener, which gives it to InfluxData's client,
 * as the documentation of both has it: a persistent session, QoS 1, a WriteApi with its default
 * options, closed on SIGTERM. MQTT.js acknowledges when the listener returns.
 *
 *     tsx test/bench/peers/plain-writer-program.ts BROKER-URL FILTER INFLUX-URL DATABASE
 */
import { InfluxDB, Point } from '@influxdata/influxdb-client'
import { connectAsync } from 'mqtt'

const [brokerUrl = '', filter = '', influxUrl = '', database = ''] = process.argv.slice(2)
const writer = new InfluxDB({ url: influxUrl }).getWriteApi('', database, 'ms')
// InfluxDB 1.6, Debian's, has no /api/v2/write yet; the client is otherwise as it comes.
writer.path = `/write?db=${database}&precision=ms`

interface SenmlRecord {
  readonly t: number
  readonly v: number
}

const client = await connectAsync(brokerUrl, { clientId: 'plain-writer', clean: false })
client.on('message', (topic, payload) => {
  const device = topic.split('/')[3] ?? ''
  for (const { t, v } of JSON.parse(payload.toString()) as SenmlRecord[]) {
    const point = new Point('level').tag('device', device).floatField('value', v)
    writer.writePoint(point.timestamp(Math.round(t * 1000)))
  }
})
await client.subscribeAsync(filter, { qos: 1 })
process.stdout.write('subscribed\n')

async function end(): Promise<void> {
  await client.endAsync()
  await writer.close()
}

process.once('SIGTERM', () => {
  end().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
