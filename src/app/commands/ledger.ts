import type { Command } from 'commander'
import { z } from 'zod'
import { EXIT } from '../exit.js'
import { connectService, serviceOptions, type ServiceFlags } from '../service-client.js'
import { textTable, type TextColumn } from '../text-table.js'

interface LedgerFlags extends ServiceFlags {
  readonly from?: string
  readonly to?: string
  readonly device?: string
  readonly hours?: true
  readonly json?: true
}

/** `rainledger ledger`: the books of the running service. */
export function ledgerCommand(program: Command): void {
  const command = program
    .command('ledger')
    .summary('print the books: what was received, and what became of it')
    .description(
      'Prints the books of the running service. They close when for every device and hour\n' +
        '  messages:      received = projected + refused + in flight\n' +
        '  observations:  decoded = inserted + duplicate + revised + refused\n' +
        'Received is counted by the journal and the rest by the store, so that a loss would show.',
    )
    .option('--from <time>', 'start: ISO 8601 with offset, or epoch ms (default: 24 h before --to)')
    .option('--to <time>', 'end, not included (default: the end of the running hour)')
    .option('--device <id>', 'one device only')
    .option('--hours', 'a line for each device and hour of arrival instead of each device')
    .option('--json', 'print the answer of the API: a row for each device and hour, and the totals')
    .addHelpText(
      'after',
      `
Exit code 0: the books close; 1: they do not, or those of a member are missing; 3: no service
answers.

Examples:
  rainledger ledger
  rainledger ledger --from 2026-07-01T00:00:00+08:00 --to 2026-07-02T00:00:00+08:00 --hours
  rainledger ledger --device RG-01 --json`,
    )
  for (const option of serviceOptions()) command.addOption(option)
  command.action(async (flags: LedgerFlags) => {
    process.exitCode = await printLedger(flags)
  })
}

const COUNTS = [
  'received',
  'projected',
  'refused',
  'inFlight',
  'decoded',
  'inserted',
  'duplicate',
  'revised',
  'observationsRefused',
  'messageDifference',
  'observationDifference',
] as const

type Count = (typeof COUNTS)[number]
type Counts = Readonly<Record<Count, number>>

const counts = z.object(
  Object.fromEntries(COUNTS.map((count) => [count, z.number()])) as Record<Count, z.ZodNumber>,
)
const ledgerSchema = z.object({
  items: z.array(counts.extend({ device: z.string(), hourMs: z.number() })),
  totals: counts,
  closes: z.boolean(),
  missing: z.array(z.object({ detail: z.string() })),
})

type Ledger = z.output<typeof ledgerSchema>

async function printLedger(flags: LedgerFlags): Promise<number> {
  const service = await connectService(flags)
  const query = new URLSearchParams()
  for (const name of ['from', 'to', 'device'] as const) {
    const value = flags[name]
    if (value !== undefined) query.set(name, value)
  }
  const answer = await service.send('GET', `/ledger?${query.toString()}`)
  const ledger = ledgerSchema.parse(answer)
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(answer)}\n` : ledgerText(ledger, flags.hours === true),
  )
  return ledger.closes ? EXIT.done : EXIT.foundWrong
}

interface Line extends Counts {
  /** Start of the hour, or empty. */
  readonly hour: string
  readonly device: string
}

function ledgerText(ledger: Ledger, byHour: boolean): string {
  const ofHours = ledger.items.map(({ hourMs, ...row }): Line => {
    return { ...row, hour: new Date(hourMs).toISOString().slice(0, 16).concat('Z') }
  })
  const lines = byHour ? ofHours : byDevice(ofHours)
  const all: Line = { ...ledger.totals, hour: '', device: 'all' }
  const columns = byHour ? [HOUR, ...COLUMNS] : COLUMNS
  const open = ofHours.filter(
    (row) => row.messageDifference !== 0 || row.observationDifference !== 0,
  )
  return `${textTable(columns, [...lines, all])}\n${verdict(ledger, open)}\n`
}

function verdict({ closes, missing }: Ledger, open: readonly Line[]): string {
  if (closes) return 'The books close.'
  const words = open.length === 0 ? [] : [openText(open)]
  if (missing.length > 0) {
    words.push(
      `The books are incomplete. Not in them:\n${missing.map(({ detail }) => `  ${detail}`).join('\n')}`,
    )
  }
  return words.join('\n')
}

function openText(open: readonly Line[]): string {
  const rows = open.map(
    (row) =>
      `  ${row.hour} ${row.device}: messages ${signed(row.messageDifference)}, observations ${signed(row.observationDifference)}`,
  )
  return `The books do not close. Received (decoded) less what is accounted for:\n${rows.join('\n')}`
}

function signed(count: number): string {
  return count > 0 ? `+${count}` : String(count)
}

function byDevice(rows: readonly Line[]): Line[] {
  const sums = new Map<string, Line>()
  for (const row of rows) {
    const before = sums.get(row.device)
    sums.set(row.device, before === undefined ? row : added(before, row))
  }
  return [...sums.values()].sort((a, b) => (a.device < b.device ? -1 : 1))
}

function added(a: Line, b: Line): Line {
  const sum = Object.fromEntries(COUNTS.map((count) => [count, a[count] + b[count]]))
  return { ...a, ...(sum as Record<Count, number>) }
}

const HOUR: TextColumn<Line> = { title: 'hour', align: 'left', cell: ({ hour }) => hour }
const COLUMNS: readonly TextColumn<Line>[] = [
  { title: 'device', align: 'left', cell: ({ device }) => device },
  ...(
    [
      ['received', 'received'],
      ['projected', 'projected'],
      ['refused', 'refused'],
      ['in flight', 'inFlight'],
      ['decoded', 'decoded'],
      ['inserted', 'inserted'],
      ['duplicate', 'duplicate'],
      ['revised', 'revised'],
      ['obs. refused', 'observationsRefused'],
    ] as const
  ).map(([title, count]): TextColumn<Line> => {
    return { title, align: 'right', cell: (line) => String(line[count]) }
  }),
]
