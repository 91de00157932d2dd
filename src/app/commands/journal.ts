import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import { Option, type Command } from 'commander'
import {
  JournalDamaged,
  journalContents,
  journalEntry,
  verifyJournal,
  type JournalContents,
} from '../../adapters/journal/index.js'
import type { JournalEntry } from '../../ports/journal.js'
import { CommandError, EXIT, systemCode } from '../exit.js'
import { progressLine } from '../progress.js'
import { textTable, type TextColumn } from '../text-table.js'

interface JournalFlags {
  readonly data: string
  readonly json?: true
}

const SAFE =
  'Reads the files and changes nothing; safe beside a running service on the same machine.'

/** `rainledger journal ls|show|verify`: what stands in the journal of a data folder. */
export function journalCommand(program: Command): void {
  const journal = program
    .command('journal')
    .summary('list, read and verify the journal of a data folder')
    .description(SAFE)

  added(journal.command('ls').summary('list the segments: sealed ones with their hashes'))
    .description(`Lists the segments of the journal. ${SAFE}`)
    .addHelpText('after', '\nExample:\n  rainledger journal ls --data /var/lib/rainledger')
    .action(async (flags: JournalFlags) => {
      const contents = await read(flags, journalContents)
      print(flags, contents, contentsText(contents))
    })

  added(journal.command('show').summary('print one entry with its payload'))
    .description(
      `Prints one entry. ${SAFE}\nThe newest entries may be written and not yet on disk; those nobody has had acknowledged.`,
    )
    .argument('<seq>', 'sequence of the entry, from 1; refusals and revisions name it')
    .option('--payload', 'write the raw bytes of the payload alone to stdout')
    .addHelpText(
      'after',
      '\nExit code 1: the entry is not as it was written; 2: there is no such entry.\n\nExamples:\n  rainledger journal show 4711\n  rainledger journal show 4711 --payload | xxd',
    )
    .action(async (text: string, flags: JournalFlags & { readonly payload?: true }) => {
      const entry = await entryNumbered(text, flags)
      if (flags.payload === true) process.stdout.write(entry.payload)
      else print(flags, entryJson(entry), entryText(entry))
    })

  added(journal.command('verify').summary('check every hash, frame, sequence and the chain'))
    .description(
      `Reads the whole journal: every line of the manifest, hash, frame and entry, the Merkle roots\nand their chain. ${SAFE}\nAn unfinished write at the very end is no finding: it was never acknowledged, and the next\nstart cuts it off.`,
    )
    .addHelpText(
      'after',
      '\nExit code 0: all is as it was written; 1: something is not; 2: there is no journal.\n\nExample:\n  rainledger journal verify --data /var/lib/rainledger --json',
    )
    .action(async (flags: JournalFlags) => {
      process.exitCode = await verify(flags)
    })
}

function added(command: Command): Command {
  return command
    .addOption(new Option('--data <folder>', 'data folder of the service').default('data'))
    .option('--json', 'print the result as JSON')
}

function print(flags: JournalFlags, value: unknown, text: string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(value)}\n` : text)
}

/** Damage ends with 1, a folder without a journal with 2. */
async function read<Found>(
  flags: JournalFlags,
  look: (folder: string) => Promise<Found>,
): Promise<Found> {
  try {
    return await look(join(flags.data, 'journal'))
  } catch (error) {
    if (error instanceof JournalDamaged) {
      throw new CommandError(EXIT.foundWrong, error.message, { cause: error })
    }
    if (systemCode(error) === 'ENOENT') {
      throw new CommandError(
        EXIT.badInput,
        `${flags.data} holds no journal; give the data folder of a service with --data`,
      )
    }
    throw error
  }
}

async function entryNumbered(text: string, flags: JournalFlags): Promise<JournalEntry> {
  const seq = Number(text)
  if (!Number.isSafeInteger(seq) || seq < 1) {
    throw new CommandError(EXIT.badInput, `${text} is no sequence; give a whole number from 1`)
  }
  const entry = await read(flags, async (folder) => await journalEntry(folder, seq))
  if (entry === null) throw new CommandError(EXIT.badInput, `the journal has no entry ${seq} yet`)
  return entry
}

async function verify(flags: JournalFlags): Promise<number> {
  let progress: ReturnType<typeof progressLine> | null = null
  const report = await read(flags, async (folder) => {
    // verifyJournal reports an unreadable manifest; a folder without a journal is a wrong --data.
    await journalContents(folder).catch(ignoreDamage)
    return await verifyJournal(folder, (done, of) => {
      progress ??= progressLine('verifying sealed segments', of)
      progress.at(done)
    })
  })
  endOf(progress)
  const { findings, entries, sealedSegments, chainHead, unfinishedBytes } = report
  const lines = findings.map(
    ({ file, segment, offset, what }) =>
      `${file}: segment from ${segment}, byte ${offset}: ${what}`,
  )
  const unfinished =
    unfinishedBytes === 0 ? '' : `; ${unfinishedBytes} bytes of an unfinished write`
  const verdict = findings.length === 0 ? 'as written' : `${findings.length} findings`
  lines.push(
    `journal ${report.journalId}: ${entries} entries, ${sealedSegments} sealed segments, chain head ${chainHead ?? 'none'}${unfinished}: ${verdict}`,
  )
  print(flags, report, `${lines.join('\n')}\n`)
  return findings.length === 0 ? EXIT.done : EXIT.foundWrong
}

function ignoreDamage(error: unknown): void {
  if (!(error instanceof JournalDamaged)) throw error
}

function endOf(progress: { end(): void } | null): void {
  progress?.end()
}

interface SegmentLine {
  readonly first: string
  readonly last: string
  readonly arrived: string
  readonly bytes: string
  readonly name: string
  readonly root: string
}

const SEGMENT_COLUMNS: readonly TextColumn<SegmentLine>[] = [
  { title: 'first', align: 'right', cell: ({ first }) => first },
  { title: 'last', align: 'right', cell: ({ last }) => last },
  { title: 'first arrival', align: 'left', cell: ({ arrived }) => arrived },
  { title: 'bytes', align: 'right', cell: ({ bytes }) => bytes },
  { title: 'sha256', align: 'left', cell: ({ name }) => name },
  { title: 'merkle root', align: 'left', cell: ({ root }) => root },
]

function contentsText({ journalId, createdMs, sealed, open }: JournalContents): string {
  const lines = [
    ...sealed.map((segment) => ({
      first: String(segment.firstSeq),
      last: String(segment.lastSeq),
      arrived: iso(segment.firstArrivalMs),
      bytes: String(segment.bytes),
      name: segment.sha256,
      root: segment.merkleRoot,
    })),
    ...open.map(({ firstSeq, file, bytes }) => ({
      first: String(firstSeq),
      last: '',
      arrived: '',
      bytes: String(bytes),
      name: `open: ${file}`,
      root: '',
    })),
  ]
  return `journal ${journalId}, made ${iso(createdMs)}\n${textTable(SEGMENT_COLUMNS, lines)}`
}

/** The payload as text when it is UTF-8, and always as base64. */
function entryJson({ payload, arrivalMs, ...entry }: JournalEntry): Record<string, unknown> {
  return {
    ...entry,
    arrivalMs,
    arrival: iso(arrivalMs),
    payloadBytes: payload.length,
    payloadText: isUtf8(payload) ? Buffer.from(payload).toString('utf8') : null,
    payloadBase64: Buffer.from(payload).toString('base64'),
  }
}

function entryText({ payload, ...entry }: JournalEntry): string {
  const bits = [entry.retain ? 'retained' : '', entry.dup ? 'resent (DUP)' : ''].filter(Boolean)
  const lines = [
    ['seq', String(entry.seq)],
    ['kind', entry.kind],
    [
      'arrival',
      `${iso(entry.arrivalMs)}${entry.serverClock === undefined ? '' : ' (the server’s clock was in doubt)'}`,
    ],
    ['device', entry.device],
    ['client', entry.client],
    ['topic', entry.topic],
    ['qos', [String(entry.qos), ...bits].join(', ')],
    ['payload', `${payload.length} bytes${isUtf8(payload) ? '' : ', not UTF-8: as hex'}`],
  ].map(([name = '', value = '']) => `${name.padEnd(8)} ${value}`)
  return `${lines.join('\n')}\n\n${payloadText(payload)}\n`
}

function payloadText(payload: Uint8Array): string {
  const bytes = Buffer.from(payload)
  if (!isUtf8(bytes)) return (bytes.toString('hex').match(/.{1,64}/g) ?? []).join('\n')
  // What a device sent must not move the cursor or recolour the terminal.
  return bytes.toString('utf8').replaceAll(/[^\P{Cc}\n\t]/gu, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
