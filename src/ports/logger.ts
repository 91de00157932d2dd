type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void

/**
 * Where parts say what happened; pino fits as it is. Fields first, then a short message.
 * error: data lost or somebody must act; warn: unexpected, nothing lost; info: starts, stops,
 * changes; debug: the rest. Nothing per message above debug.
 */
export interface Logger {
  readonly error: Write
  readonly warn: Write
  readonly info: Write
  readonly debug: Write
}
