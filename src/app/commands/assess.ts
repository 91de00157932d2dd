import { readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { z } from 'zod'
import {
  sealedAssessmentSchema,
  type AssessmentDocument,
  type SealedAssessment,
} from '../../domain/scheme/assessment.js'
import { changeSchema, compared } from '../../domain/scheme/compared.js'
import type { Statement } from '../../domain/scheme/statement.js'
import { CommandError, EXIT } from '../exit.js'
import { changesText } from '../changes-text.js'
import { fileError } from '../file-faults.js'
import {
  connectService,
  serviceOptions,
  type ServiceClient,
  type ServiceFlags,
} from '../service-client.js'
import { readStatementsFile } from '../statements-file.js'
import { textTable } from '../text-table.js'

interface AssessFlags extends ServiceFlags {
  readonly city?: string
  readonly from: string
  readonly to: string
  readonly scheme: string
  readonly statements?: string
  readonly out?: string
  readonly keep?: true
  readonly person: string
  readonly reason?: string
  readonly json?: true
}

/** `rainledger assess`: a scheme over the whole city, and what changed between two assessments. */
export function assessCommand(program: Command): void {
  const command = program
    .command('assess')
    .summary('assess the city by a scheme: verdicts, points, and every result behind them')
    .description(
      'Judges every item of a scheme over a window: indicators from the stored series, the rest from\n' +
        'statements with their evidence. NOT_EVALUATED earns nothing and stays in the total.',
    )
    .requiredOption('--scheme <id>', 'which scheme; rainledger scheme list prints them')
    .requiredOption('--from <time>', 'start: ISO 8601 with offset, or epoch ms')
    .requiredOption('--to <time>', 'end, not included')
    .option('--city <id>', 'the city meant; refused when the service keeps another one')
    .option('--statements <file>', 'what people state of other items, with evidence (YAML)')
    .option('--out <file>', 'write the answer to a file, for a later comparison')
    .option('--keep', 'keep it: an entry of the journal, a new version when something changed')
    .option('--person <name>', 'who keeps it', userInfo().username)
    .option('--reason <text>', 'why it is kept; stands in the journal')
    .option('--json', 'print the answer of the API')
    .addHelpText('after', HELP)
  for (const option of serviceOptions()) command.addOption(option)
  command.action(async (flags: AssessFlags) => {
    process.exitCode = await assess(flags)
  })
  program
    .command('assess-compare')
    .summary('what changed from one assessment to another')
    .argument('<before>', 'file written by assess --out')
    .argument('<after>', 'file written by assess --out')
    .option('--json', 'print the changes as one JSON document')
    .addHelpText(
      'after',
      `
--json prints one object: before, after (their hashes), changes[] with what, subject, field (content,
verdict, value, inputs, statements, presence), before, after.

Exit codes: 0 nothing changed; 1 something did; 2 bad usage or file.`,
    )
    .action(async (before: string, after: string, flags: { readonly json?: true }) => {
      process.exitCode = await compare(before, after, flags.json === true)
    })
}

const HELP = `
Statements (YAML):
  format: 1
  scheme: mohurd-635-2015
  statements:
    - item: '635-14'
      verdict: PASS                 # PASS without all evidence slots filled is NOT_EVALUATED
      justification: local standard in force since 2021
      statedBy: Wang Li, housing bureau
      evidence: [{ slot: document, title: …, number: …, date: '2021-03-01', issuer: …, sha256: … },
                 { slot: explanation, title: … }]
    - item: '635-9'                 # computed from figures; the verdict is the formula's. The form of
                                    # every item's figures: src/domain/scheme/README.md
      figures: { suppliedM3: 100000000, consumedM3: 86000000, householdMeteredShare: 0.7,
                 pipeKm: 2600, outletPressureMPa: 0.45, frostDepthM: 0 }
      justification: …
      statedBy: …
      evidence: [{ slot: statistics, title: … }, { slot: calculation, title: … }]
    - item: '635-8'                 # sums of a ledger's months; evidence with its file is hashed
      figures: { used: [{ kind: green-space, volumeM3: { sumOf: ledger.csv, column: reused_m3,
                 from: 2025-01, to: 2025-12 } }], base: { variant: B, tapWaterM3: … }, target: … }
      evidence: [{ slot: statistics, title: …, file: ledger.csv }, …]
    - item: '635-5'                 # samples of import --kind lab; the forms of all figures:
      figures: { builtFrom: '2022-03-01', fromMonth: '2025-07', samples: imported, bodies: […] }
      …                             # src/domain/figures/README.md
    - item: '51345-1'
      subject: Z1                   # a drainage zone, of items judged zone by zone
      value: 0.71
      acceptedBy: …                 # evaluator who accepted the proof of a 不宜 clause

Example:
  rainledger assess --city demo --from 2025-01-01T00:00:00+08:00 --to 2026-01-01T00:00:00+08:00 \\
    --scheme mohurd-635-2015 --json
  rainledger assess --from … --to … --scheme … --keep --reason "self-check of 2025"

--json prints one object: sha256 (of the canonical JSON of assessment), assessment (city, window,
registry, scheme, overall, score, groups, zones, compliance, items with findings and results); with
--keep: isNew, version, changes, sealed (that object). rainledger assessments lists what was kept.

Exit codes: 0 assessed, whatever the verdict; 2 bad usage or input; 3 no service answers.`

async function assess(flags: AssessFlags): Promise<number> {
  const service = await connectService(flags)
  const statements =
    flags.statements === undefined ? [] : await readStatementsFile(flags.statements, flags.scheme)
  if (flags.city !== undefined) {
    const city = z
      .object({ city: z.object({ id: z.string() }) })
      .parse(await service.send('GET', '/city'))
    if (city.city.id !== flags.city) {
      throw new CommandError(
        EXIT.badInput,
        `--city ${flags.city}: the service at ${service.url} keeps ${city.city.id}`,
      )
    }
  }
  if (flags.keep === true) return await keep(service, flags, statements)
  const { scheme, from, to } = flags
  const answer =
    statements.length === 0
      ? await service.send(
          'GET',
          `/assessments?${new URLSearchParams({ scheme, from, to }).toString()}`,
        )
      : await service.send('POST', '/assessments', {
          type: 'application/json',
          text: JSON.stringify({ scheme, from, to, statements }),
        })
  const sealed = sealedAssessmentSchema.parse(answer)
  const json = `${JSON.stringify(answer)}\n`
  await writeOut(flags, json)
  process.stdout.write(flags.json === true ? json : asText(sealed))
  return EXIT.done
}

const keptSchema = z.object({
  isNew: z.boolean(),
  version: z.object({ id: z.int(), version: z.int() }),
  changes: z.array(changeSchema),
  sealed: sealedAssessmentSchema,
})

/** Lets the service keep the assessment, and says which version it is and what changed. */
async function keep(
  service: ServiceClient,
  flags: AssessFlags,
  statements: readonly Statement[],
): Promise<number> {
  const { scheme, from, to, person, reason } = flags
  if (reason === undefined) {
    throw new CommandError(EXIT.badInput, '--keep wants --reason TEXT: why this one stays')
  }
  const answer = await service.send('POST', '/assessments/kept', {
    type: 'application/json',
    text: JSON.stringify({ scheme, from, to, statements, person, reason }),
  })
  const { isNew, version, changes, sealed } = keptSchema.parse(answer)
  await writeOut(flags, `${JSON.stringify(sealed)}\n`)
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(answer)}\n`)
    return EXIT.done
  }
  const kept = `version ${version.version} (id ${version.id})`
  const lines = isNew ? `kept as ${kept}\n` : `the same as ${kept}: nothing new to keep\n`
  const since = isNew && changes.length > 0 ? `changed since the version before:\n` : ''
  process.stdout.write(
    `${asText(sealed)}${lines}${since}${since === '' ? '' : changesText(changes)}`,
  )
  return EXIT.done
}

async function writeOut({ out }: AssessFlags, json: string): Promise<void> {
  if (out === undefined) return
  await writeFile(out, json).catch((error: unknown) => {
    throw fileError(out, error)
  })
}

function asText({ sha256, assessment }: SealedAssessment): string {
  const { scheme, overall, score, compliance, zones } = assessment
  const items = textTable(
    [
      { title: 'item', align: 'left', cell: ({ id }) => id },
      { title: 'binding', align: 'left', cell: ({ binding }) => binding },
      { title: 'verdict', align: 'left', cell: ({ verdict }) => verdict },
      { title: 'value', align: 'right', cell: (item) => valueText(item) },
      { title: 'points', align: 'right', cell: (item) => pointsText(assessment, item.id) },
      { title: '', align: 'left', cell: ({ unverified }) => (unverified ? '(unverified)' : '') },
      { title: 'why', align: 'left', cell: ({ reason }) => reason.en },
    ],
    assessment.items,
  )
  const lines = [
    `${scheme.name.en} / ${scheme.name.zh}: ${scheme.document ?? 'no document'}, edition ${scheme.edition}`,
    `overall: ${overall.verdict} (${overall.reason.en})`,
    ...overall.vetoed.map(({ item, reason }) => `veto of ${item}: ${reason.en}`),
    ...(score === null
      ? []
      : [
          `score: ${numberText(score.score)} of 100, reachable ${numberText(score.reachable)}; ${assessment.scoreLabel?.en ?? ''}`,
        ]),
    `zones: ${zones.map(({ zone, verdict }) => `${zone} ${verdict}`).join(', ')}; ` +
      `compliant ${percentText(compliance.share)} of the ${compliance.basis === 'built-up-area' ? 'built-up area' : 'catchments (the registry has no builtUpArea)'}, reachable ${percentText(compliance.reachableShare)}`,
    `sha256 ${sha256}`,
  ]
  return `${items}${lines.join('\n')}\n`
}

type Item = AssessmentDocument['items'][number]

function valueText({ value, unit }: Item): string {
  return value === null ? '-' : `${numberText(value)}${unit === '1' ? '' : ` ${unit}`}`
}

function pointsText({ score }: AssessmentDocument, id: string): string {
  const step = score?.steps.find(({ item }) => item === id)
  if (step === undefined) return ''
  return step.share === null ? 'n/a' : `${numberText(step.points)}/${step.max}`
}

function numberText(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(4)))
}

function percentText(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`
}

async function compare(before: string, after: string, json: boolean): Promise<number> {
  const [a, b] = [await readSealed(before), await readSealed(after)]
  const changes = compared(a.assessment, b.assessment)
  process.stdout.write(
    json
      ? `${JSON.stringify({ before: a.sha256, after: b.sha256, changes })}\n`
      : changes.length === 0
        ? `nothing changed: ${a.sha256}\n`
        : changesText(changes),
  )
  return changes.length === 0 ? EXIT.done : EXIT.foundWrong
}

async function readSealed(path: string): Promise<SealedAssessment> {
  const written = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error)
  })
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch (error) {
    throw fileError(path, error)
  }
  const read = sealedAssessmentSchema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new CommandError(
    EXIT.badInput,
    `${path} is not what assess --out writes: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  )
}
