/**
 * How many messages of twelve records one core decodes. Prints one JSON line last.
 *
 *     tsx test/bench/codec.ts
 *
 * The claim: decoding is never what holds ingest back (20 000 messages a second, durable).
 */
import { availableParallelism } from 'node:os'
import { DEVICE_MODELS } from '../../devices/index.js'
import type { DecodeContext, DecodedRecord, DeviceModel } from '../../src/ports/device-model.js'

const RECORDS = 12
const ROUNDS = 5
const ROUND_MS = 600
const CONTEXT: DecodeContext = { arrivalMs: Date.UTC(2026, 10, 23), clock: 'own' }

/** Twelve minutes of one gauge, as the simulators send them. */
const records: readonly DecodedRecord[] = Array.from({ length: RECORDS }, (_, minute) => ({
  name: 'rain',
  unit: 'mm',
  value: (minute % 4) / 10,
  atMs: CONTEXT.arrivalMs - (RECORDS - minute) * 60_000,
  fromMs: null,
}))

interface Measured {
  readonly model: string
  readonly bytes: number
  /** Of the median round. */
  readonly messagesPerS: number
  readonly valuesPerS: number
}

function measure(model: DeviceModel): Measured {
  const bytes = model.encode(records)
  const rates = Array.from({ length: ROUNDS + 1 }, () => decodedPerS(model, bytes))
  // The first round warms the engine up.
  const sorted = rates.slice(1).sort((a, b) => a - b)
  const messagesPerS = Math.round(sorted[Math.floor(ROUNDS / 2)] ?? 0)
  return {
    model: model.id,
    bytes: bytes.length,
    messagesPerS,
    valuesPerS: messagesPerS * RECORDS,
  }
}

function decodedPerS(model: DeviceModel, bytes: Uint8Array): number {
  const startMs = performance.now()
  let messages = 0
  let kept = 0
  while (performance.now() - startMs < ROUND_MS) {
    for (let i = 0; i < 200; i++) {
      const decoded = model.decode(bytes, CONTEXT)
      if (!('code' in decoded)) kept += decoded.records.length
      messages++
    }
  }
  if (kept !== messages * RECORDS) throw new Error(`${model.id} kept ${kept} of ${messages} × 12`)
  return (messages / (performance.now() - startMs)) * 1000
}

const measured = DEVICE_MODELS.map(measure)
for (const { model, bytes, messagesPerS } of measured) {
  process.stdout.write(`${model.padEnd(12)} ${bytes} bytes  ${messagesPerS} messages/s\n`)
}
process.stdout.write(
  `${JSON.stringify({ bench: 'codec', node: process.version, cores: availableParallelism(), measured })}\n`,
)
