import { Temporal } from 'temporal-polyfill'
import { mappingSchema, type Mapping } from '../adapters/csv-file/index.js'
import { readYaml, type PathFault, type YamlReading } from './yaml-text.js'

/** Reads a mapping; every fault at once, with its line. */
export function readMapping(text: string): YamlReading<Mapping> {
  return readYaml(text, mappingSchema, 'the mapping', ({ time, values }) => [
    ...timeFaults(time),
    ...valueFaults(values),
  ])
}

function timeFaults(time: Mapping['time']): PathFault[] {
  const faults: PathFault[] = []
  if (time.stamps === 'start' && time.intervalS === undefined) {
    faults.push({ path: ['time', 'stamps'], message: 'start needs time.intervalS' })
  }
  if (time.zone !== undefined && !isZone(time.zone)) {
    faults.push({
      path: ['time', 'zone'],
      message: `"${time.zone}" is no IANA zone (Asia/Shanghai) and no fixed offset (-05:00)`,
    })
  }
  if (time.clockFaults.length > 0 && time.form !== 'iso') {
    faults.push({ path: ['time', 'clockFaults'], message: 'only local times have them' })
  }
  for (const [index, { from, to }] of time.clockFaults.entries()) {
    const path = ['time', 'clockFaults', index]
    if (Temporal.PlainDateTime.compare(from, to) >= 0) {
      faults.push({ path, message: `ends at ${to}, not after its beginning ${from}` })
    }
    const overlaps = time.clockFaults.slice(0, index).some((other) => {
      const begunBefore = Temporal.PlainDateTime.compare(other.from, to) < 0
      return begunBefore && Temporal.PlainDateTime.compare(from, other.to) < 0
    })
    if (overlaps) faults.push({ path, message: 'overlaps one above it' })
  }
  return faults
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    // The only complaint there can be: the name is not one.
    return false
  }
}

function valueFaults(values: Mapping['values']): PathFault[] {
  return values.flatMap(({ sensor }, index) =>
    values.findIndex((other) => other.sensor === sensor) === index
      ? []
      : [{ path: ['values', index, 'sensor'], message: `${sensor} is filled by a column above` }],
  )
}
