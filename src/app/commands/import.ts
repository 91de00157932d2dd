import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import {
  csvStretches,
  fileSha256,
  type FileFault,
  type Mapping,
} from '../../adapters/csv-file/index.js'
import { CommandError, EXIT, systemCode } from '../exit.js'
import { readMapping } from '../mapping-file.js'
import { mappingFaults, sensorsInForce, timeCheck, type TimeCheck } from '../import-check.js'
import { progressLine } from '../progress.js'
import { connectService, serviceOptions, type ServiceClient } from '../service-client.js'
import { importLaboratory, type LabImportFlags } from './import-laboratory.js'

/** Values sent as one chunk, at most: one journal entry per device. The service takes 50,000. */
const VALUES_PER_CHUNK = 10_000
/** Data lines in one chunk, at most. */
const LINES_PER_CHUNK = 2_000
/** Faulty lines printed before the rest is only counted. */
const FAULTS_SHOWN = 20

interface ImportFlags extends LabImportFlags {
  readonly kind: 'series' | 'lab'
  readonly map?: string
  readonly revision: string
}

/** `rainledger import`: historical CSV through the same journal and projection as live messages. */
export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .summary('send a historical CSV file, or a laboratory’s results, through the journal')
    .description(
      'Sends the rows of a CSV file (also gzipped) through the journal, with the file’s hash, the\n' +
        'mapping’s hash and the person beside them. The file is checked whole before the first row is\n' +
        'sent. Interrupted, the same command goes on where it stopped; repeated, it changes nothing.',
    )
    .argument('<file>', 'CSV file with a header line')
    .addOption(
      new Option('--kind <kind>', 'series: values of sensors; lab: results of a laboratory')
        .choices(['series', 'lab'])
        .default('series'),
    )
    .option('--map <file>', 'of series: mapping (YAML): time column and zone, columns to sensors')
    .option('--report <file>', 'lab: the report (PDF) behind lines that name no report_sha256')
    .option('--zone <zone>', 'lab: zone of times without an offset; the city’s unless given')
    .option('--person <name>', 'who imports', userInfo().username)
    .option('--revision <n>', 'a higher revision replaces the values of a lower one', '0')
    .option('--skip-faulty', 'leave out lines that cannot be read instead of stopping')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Example mapping, rain_2008.yaml:
  format: 1
  time: { column: time_local, zone: America/New_York }
  values:
    - { column: rain_in, sensor: RG-01.rain, unit: '[in_i]' }

Every key of a mapping: src/adapters/csv-file/README.md

A laboratory's file has one result a line:
  sample,section,time,parameter,value,unit,detection_limit,laboratory,cma,report_sha256
  W-0417,River-Gate,2026-07-01 09:30,氨氮,<0.025,mg/L,0.025,City Lab,210012050001,…
The headings may be Chinese (样品编号, 断面, 采样时间, 检测项目, 检测结果, 单位, 检出限, 检测机构,
CMA编号), and a column weather (天气: dry 晴天, after-rain 雨后, other) may stand beside them.
<0.025, 0.025L, ND and 未检出 are below the detection limit and stay so.

Examples:
  rainledger import rain_2008.csv --map rain_2008.yaml --person "Li Wei"
  rainledger import rain_2008_corrected.csv.gz --map rain_2008.yaml --revision 1
  rainledger import rain_2008.csv --map rain_2008.yaml --skip-faulty --json
  rainledger import july.csv --kind lab --report july.pdf --person "Li Wei"

Exit code 0: everything is in the journal; 2: the file, the mapping or a flag is wrong, nothing was
sent; 3: the service is not there, or went away: the same command goes on.`,
    )
  for (const option of serviceOptions()) command.addOption(option)
  command.action(async (file: string, flags: ImportFlags) => {
    await importFile(file, flags)
  })
}

async function importFile(file: string, flags: ImportFlags): Promise<void> {
  const revision = Number(flags.revision)
  if (!Number.isInteger(revision) || revision < 0) {
    throw new CommandError(EXIT.badInput, `--revision ${flags.revision}: a whole number from 0`)
  }
  if (flags.kind === 'lab') {
    await importLaboratory(file, revision, flags)
    return
  }
  if (flags.map === undefined) {
    throw new CommandError(EXIT.badInput, '--map FILE: which columns are which sensors is needed')
  }
  await importSeries(file, flags.map, revision, flags)
}

async function importSeries(
  file: string,
  map: string,
  revision: number,
  flags: ImportFlags,
): Promise<void> {
  const mappingText = await readText(map)
  const reading = readMapping(mappingText)
  if (!reading.ok) {
    throw new CommandError(EXIT.badInput, faultText(map, reading.faults))
  }
  const mapping = reading.value
  const service = await connectService(flags)
  const sensors = await sensorsInForce(service)
  const unknown = mappingFaults(reading, sensors)
  if (unknown.length > 0) {
    throw new CommandError(EXIT.badInput, faultText(map, unknown))
  }
  const source = await fileSha256(file).catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, `${file}: ${systemCode(error) ?? String(error)}`)
  })
  const times = timeCheck(sensors, Date.now())
  const checked = await checkFile(file, mapping, times)
  if (flags.skipFaulty !== true) refuseFaults(file, checked, times)
  const imported = {
    fileSha256: source.sha256,
    mappingSha256: createHash('sha256').update(mappingText).digest('hex'),
    revision,
  }
  const known = new Set(await knownChunks(service, imported))
  const progress = progressLine(`importing ${basename(file)}`, checked.rows)
  let sent = 0
  let resumed = 0
  let chunk = 0
  for await (const { rows } of csvStretches(file, mapping, linesPerChunk(mapping))) {
    if (rows.length > 0) {
      if (known.has(chunk)) {
        resumed += rows.length
      } else {
        const body = { ...imported, fileName: basename(file), person: flags.person, chunk, rows }
        await service.send('POST', '/imports/chunks', {
          type: 'application/json',
          text: JSON.stringify(body),
        })
        sent += rows.length
      }
      progress.at(sent + resumed)
    }
    chunk++
  }
  progress.end()
  const result = {
    file: basename(file),
    sha256: source.sha256,
    lines: checked.lines,
    values: checked.rows,
    sent,
    alreadyThere: resumed,
    faultyLines: checked.faults,
    outOfTime: times.count(),
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(result)}\n` : resultText(result, times),
  )
}

function resultText(
  {
    file,
    sent,
    alreadyThere,
    faultyLines,
  }: Readonly<Record<'sent' | 'alreadyThere' | 'faultyLines', number>> & { readonly file: string },
  times: TimeCheck,
): string {
  const lines = [
    `${file}: ${sent} values sent, ${alreadyThere} were there already, ${faultyLines} faulty lines left out`,
    ...times.sentences().map((sentence) => `${sentence}: listed under refusals`),
  ]
  return `${lines.join('\n')}\n`
}

/** The same for every reading with the same mapping, so that chunks keep their numbers. */
function linesPerChunk({ values }: Mapping): number {
  return Math.max(1, Math.min(LINES_PER_CHUNK, Math.floor(VALUES_PER_CHUNK / values.length)))
}

interface CheckedFile {
  readonly lines: number
  readonly rows: number
  readonly faults: number
  /** The first of them. */
  readonly shown: readonly FileFault[]
}

/** Reads the whole file once before anything is sent, so that a bad file changes nothing. */
async function checkFile(file: string, mapping: Mapping, times: TimeCheck): Promise<CheckedFile> {
  const shown: FileFault[] = []
  let lines = 0
  let rows = 0
  let faults = 0
  try {
    for await (const stretch of csvStretches(file, mapping, linesPerChunk(mapping))) {
      lines = stretch.lines
      rows += stretch.rows.length
      faults += stretch.faults.length
      shown.push(...stretch.faults.slice(0, FAULTS_SHOWN - shown.length))
      for (const row of stretch.rows) times.look(row)
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new CommandError(EXIT.badInput, `${file}: ${message}`, { cause: error })
  }
  return { lines, rows, faults, shown }
}

function refuseFaults(file: string, checked: CheckedFile, times: TimeCheck): void {
  const { faults, shown } = checked
  const sentences = times.sentences().map((sentence) => `${file} ${sentence}`)
  if (faults === 0 && sentences.length === 0) return
  const text = [
    ...(shown.length > 0 ? [faultText(file, shown)] : []),
    ...(faults > shown.length ? [`  and ${faults - shown.length} more`] : []),
    ...sentences,
  ]
  if (faults > 0) {
    text.push(
      'nothing was sent; mend the file or the mapping, or leave these lines out with --skip-faulty',
    )
  } else {
    text.push(
      'nothing was sent, because the service would refuse them; mend the registry or the mapping, or send the rest with --skip-faulty',
    )
  }
  throw new CommandError(EXIT.badInput, text.join('\n'))
}

async function knownChunks(
  service: ServiceClient,
  imported: { fileSha256: string; mappingSha256: string; revision: number },
): Promise<readonly number[]> {
  const query = `mappingSha256=${imported.mappingSha256}&revision=${imported.revision}`
  const answer = await service.send('GET', `/imports/${imported.fileSha256}/chunks?${query}`)
  return z.object({ chunks: z.array(z.int()) }).parse(answer).chunks
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, `${file}: ${systemCode(error) ?? String(error)}`)
  })
}

function faultText(file: string, faults: readonly FileFault[]): string {
  return faults
    .map(({ line, message }) => `${file}${line === null ? '' : `:${line}`} ${message}`)
    .join('\n')
}
