import { z } from 'zod'

/** What is published, by whom and how fast. */
export const loadSchema = z.strictObject({
  /** mqtt://host:port of a broker that speaks MQTT 3.1.1. */
  url: z.url(),
  cityId: z.string().min(1),
  /** One connection each. */
  clients: z.array(z.strictObject({ device: z.string().min(1), secret: z.string() })).min(1),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** Messages a client has unacknowledged at most, when no rate is given; ≥ 1. */
  window: z.int().min(1).max(65_535),
  /** Field of the sensor that every message carries one value of. */
  field: z.string().min(1),
  unit: z.string(),
  /** Messages are padded with blanks to this length. */
  payloadBytes: z.int().min(0),
  /** Time of the first value of each device, UTC epoch ms; each further one is 1 ms later. */
  firstAtMs: z.int(),
  seconds: z.number().positive(),
  /** All clients together, whatever is acknowledged (open loop); null: as fast as acknowledged. */
  ratePerSecond: z.number().positive().nullable(),
})

export type Load = z.output<typeof loadSchema>

export interface LoadReport {
  readonly sent: number
  /** Acknowledged to the end of the protocol's handshake; at QoS 0 what was sent. */
  readonly acked: number
  /** From the first publish to the last acknowledgement. */
  readonly tookMs: number
  /** UTC epoch ms of the last acknowledgement. */
  readonly lastAckMs: number
  readonly bytesPerPayload: number
  /**
   * From when a message was due to its acknowledgement. At a rate, due is when the rate wanted it,
   * not when it got out, so a broker that stands still is not flattered.
   */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number }
  /** Processor time of the publisher, user and system. */
  readonly cpuMs: number
}
