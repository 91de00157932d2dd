import { basename } from 'node:path'
import { z } from 'zod'
import { fileSha256 } from '../../adapters/csv-file/index.js'
import { CommandError, EXIT } from '../exit.js'
import { faultList, fileError } from '../file-faults.js'
import { readLabFile } from '../lab-file.js'
import { connectService, type ServiceFlags } from '../service-client.js'

const RESULTS_PER_CHUNK = 2_000

export interface LabImportFlags extends ServiceFlags {
  readonly person: string
  readonly report?: string
  readonly zone?: string
  readonly skipFaulty?: true
  readonly json?: true
}

const citySchema = z.object({ city: z.object({ timeZone: z.string() }) })
const receiptSchema = z.object({ journaled: z.int(), known: z.boolean() })

/** Sends the results of a laboratory's file through the journal; the file is checked whole before. */
export async function importLaboratory(
  file: string,
  revision: number,
  flags: LabImportFlags,
): Promise<void> {
  const service = await connectService(flags)
  const { city } = citySchema.parse(await service.send('GET', '/city'))
  const source = await hashed(file)
  const report = flags.report === undefined ? null : await hashed(flags.report)
  const options = {
    zone: flags.zone ?? city.timeZone,
    reportSha256: report,
    nowMs: Date.now(),
  }
  const read = await readLabFile(file, options).catch((error: unknown) => {
    throw error instanceof CommandError ? error : fileError(file, error)
  })
  if (read.faults.length > 0 && flags.skipFaulty !== true) {
    throw new CommandError(
      EXIT.badInput,
      `${faultList(file, read.faults)}\nnothing was sent; mend the file, or leave these lines out with --skip-faulty`,
    )
  }
  if (read.results.length === 0) throw new CommandError(EXIT.badInput, `${file} has no results`)
  let sent = 0
  let resumed = 0
  for (let from = 0; from < read.results.length; from += RESULTS_PER_CHUNK) {
    const results = read.results.slice(from, from + RESULTS_PER_CHUNK)
    const body = {
      ...{ fileSha256: source, fileName: basename(file), person: flags.person, revision },
      ...{ chunk: from / RESULTS_PER_CHUNK, results },
    }
    const answer = await service.send('POST', '/laboratory-results/chunks', {
      type: 'application/json',
      text: JSON.stringify(body),
    })
    if (receiptSchema.parse(answer).known) resumed += results.length
    else sent += results.length
  }
  const result = {
    ...{ file: basename(file), sha256: source, lines: read.lines, results: read.results.length },
    ...{ sent, alreadyThere: resumed, faultyLines: read.faults.length, unused: read.unused },
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(result)}\n`
      : `${result.file}: ${sent} results sent, ${resumed} were there already, ${result.faultyLines} faults left out\n${unusedText(read.unused)}`,
  )
}

function unusedText(unused: readonly string[]): string {
  return unused.length === 0 ? '' : `kept, but used by no indicator: ${unused.join(', ')}\n`
}

async function hashed(file: string): Promise<string> {
  const { sha256 } = await fileSha256(file).catch((error: unknown) => {
    throw fileError(file, error)
  })
  return sha256
}
