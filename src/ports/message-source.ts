/** A message as it came from the broker, before anybody has looked into it. */
export interface ArrivedMessage {
  /** The authenticated device (MQTT user name); what the books count by. */
  readonly device: string
  readonly clientId: string
  readonly topic: string
  readonly qos: 0 | 1 | 2
  /** A copy that a broker had kept of an earlier message, given to a new subscription [MQTT-3.3.1-8]. */
  readonly retain: boolean
  readonly dup: boolean
  readonly payload: Uint8Array
}

/**
 * Resolves once the message is durable; only then may the source acknowledge it (PUBACK, PUBREC).
 * Rejects when durability could not be had: the source then closes the connection unacknowledged.
 * May be called concurrently; group commit depends on it.
 */
export type Accept = (message: ArrivedMessage) => Promise<void>

/** Where messages come from: the embedded broker or an external one. Started with the `Accept` to call. */
export interface MessageSource {
  /** Takes no more messages, lets running accepts end, lets go of the network. Safe to call twice. */
  stop(): Promise<void>
}
