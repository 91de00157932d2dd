type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

/**
 * Where parts say what happened. Fields first, then a short message.
 * error: data lost or somebody must act; warn: unexpected, nothing lost; info: starts, stops,
 * changes; debug: the rest. Nothing per message above debug.
 *
 * What was thrown stands under `error`, whole, so that its cause is in the log.
 */
export interface Logger {
  readonly error: Write
  readonly warn: Write
  readonly info: Write
  readonly debug: Write
}
