import { pino, stdSerializers, type DestinationStream } from 'pino'
import type { Logger } from '../ports/logger.js'

/** Writes one JSON line per event. pino writes only a field `err` with its cause by itself. */
export function openLogger(level: string, destination: DestinationStream): Logger {
  return pino({ level, serializers: { error: stdSerializers.err } }, destination)
}
