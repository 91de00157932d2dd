import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { rounded, roundedDeep } from '../../domain/rounding.js'
import {
  InpError,
  readModel,
  runHydrology,
  type HydrologyModel,
  type HydrologyRun,
  type ReadModel,
} from '../../../simulators/hydrology/index.js'
import { CommandError, EXIT } from '../exit.js'
import { faultList, fileError } from '../file-faults.js'
import { progressLine } from '../progress.js'
import { textTable } from '../text-table.js'

/** A run that does not close to this is reported as wrong, percent. */
const CONTINUITY_LIMIT_PERCENT = 1
/** Runs with more steps than this tell how far they are. */
const LONG_RUN_STEPS = 500_000

interface SwmmFlags {
  readonly out?: string
  readonly json?: true
}

/** `rainledger swmm`: rainfall-runoff of SWMM input files. */
export function swmmCommand(program: Command): void {
  const swmm = program
    .command('swmm')
    .summary('rainfall-runoff of a SWMM input file, by an engine of our own')
    .description('Works on input files (.inp) of EPA SWMM 5, without SWMM.')
  swmm
    .command('run')
    .summary('run a SWMM input file: runoff, infiltration and continuity')
    .description(
      'Runs the subset of SWMM 5.2 that it knows: subcatchments with Horton or Green-Ampt, facilities BC, PP,\n' +
        'GR and RB, evaporation, kinematic-wave conduits. What changes no flow is ignored and named; what\n' +
        'would change a flow and is not known is refused by its name and line.',
    )
    .argument('<file>', 'SWMM input file (.inp), in US or SI units')
    .option('--out <file>', 'write the runoff at every report step to this CSV file')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: SwmmFlags) => {
      await runFile(file, flags)
    })
}

const HELP = `
Example:
  rainledger swmm run town.inp --out runoff.csv --json

--json prints one object:
  file             the path
  start, end       wall clock of the file, without zone
  ignored[]        sections and options that play no part in the answer
  subcatchments[]  name, areaHa, precipMm, runonMm, evapMm, infilMm, runoffMm, storedMm (more at the end
                   than at the start), peakLps, coeff (runoff over rain and run-on; null without any)
  nodes[]          name, kind (junction or outfall), inflowM3, peakLps, floodedM3
  conduits[]       name, peakLps
  continuity       runoff and routing, each with its volumes in m³ and errorPercent

--out writes a row a report step: time, minute (since the start), then the runoff of each subcatchment and
the inflow of each outfall at that time, L/s. Infiltration includes seepage from facilities, runoff includes
their underdrains, as in SWMM's summary.

Exit codes: 0 done; 1 a continuity error above ${CONTINUITY_LIMIT_PERCENT} %; 2 bad usage or file, or something not supported.`

async function runFile(path: string, flags: SwmmFlags): Promise<void> {
  const { model, ignored } = await modelOf(path)
  const run = runWithProgress(path, model)
  if (flags.out !== undefined) {
    try {
      await writeFile(flags.out, seriesCsv(model, run))
    } catch (error) {
      throw fileError(flags.out, error)
    }
  }
  const answer = answerOf(path, model, ignored, run)
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(roundedDeep(answer))}\n` : asText(answer),
  )
  const { runoff, routing } = run.continuity
  const worst = Math.max(Math.abs(runoff.errorPercent), Math.abs(routing.errorPercent))
  if (worst > CONTINUITY_LIMIT_PERCENT) process.exitCode = EXIT.foundWrong
}

async function modelOf(path: string): Promise<ReadModel> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
  try {
    return readModel(text, (name) => readFileSync(resolve(dirname(path), name), 'utf8'))
  } catch (error) {
    if (!(error instanceof InpError)) throw error
    throw new CommandError(EXIT.badInput, faultList(path, error.faults), { cause: error })
  }
}

function runWithProgress(path: string, model: HydrologyModel): HydrologyRun {
  const steps = (model.durationS / model.steps.wetS) * model.subcatchments.length
  if (steps <= LONG_RUN_STEPS) return runHydrology(model)
  const line = progressLine(`${path}, hours`, Math.ceil(model.durationS / 3600))
  const run = runHydrology(model, (doneS) => line.at(Math.floor(doneS / 3600)))
  line.end()
  return run
}

function answerOf(
  file: string,
  model: HydrologyModel,
  ignored: readonly string[],
  run: HydrologyRun,
) {
  return {
    file,
    start: wallClock(model.startMs),
    end: wallClock(model.startMs + 1000 * model.durationS),
    ignored,
    subcatchments: run.subcatchments.map((total) => {
      const mm = (volumeM3: number): number => (1000 * volumeM3) / total.areaM2
      const cameM3 = total.rainM3 + total.runonM3
      return {
        name: total.name,
        areaHa: total.areaM2 / 10_000,
        precipMm: mm(total.rainM3),
        runonMm: mm(total.runonM3),
        evapMm: mm(total.evaporatedM3),
        infilMm: mm(total.infiltratedM3),
        runoffMm: mm(total.runoffM3),
        storedMm: mm(total.storedAtEndM3 - total.storedAtStartM3),
        peakLps: 1000 * total.peakM3S,
        coeff: cameM3 > 0 ? total.runoffM3 / cameM3 : null,
      }
    }),
    nodes: run.nodes.map(({ name, kind, inflowM3, peakM3S, floodedM3 }) => ({
      ...{ name, kind, inflowM3, peakLps: 1000 * peakM3S, floodedM3 },
    })),
    conduits: run.conduits.map(({ name, peakM3S }) => ({ name, peakLps: 1000 * peakM3S })),
    continuity: run.continuity,
  }
}

/** A moment as the clock of the file shows it. */
function wallClock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}

function seriesCsv({ startMs, network }: HydrologyModel, run: HydrologyRun): string {
  const { timesS, subcatchments, nodes } = run.reported
  const columns = [
    ...run.subcatchments.map(({ name }, i) => ({ name, flows: subcatchments[i] })),
    ...network.nodes.flatMap(({ name, kind }, i) =>
      kind === 'outfall' ? [{ name, flows: nodes[i] }] : [],
    ),
  ]
  const head = ['time', 'minute', ...columns.map(({ name }) => quoted(`${name}_L_per_s`))]
  const lines = [...timesS].map((atS, row) =>
    [
      wallClock(startMs + 1000 * atS),
      String(rounded(atS / 60)),
      ...columns.map(({ flows }) => (1000 * (flows?.[row] ?? 0)).toFixed(4)),
    ].join(','),
  )
  return `${head.join(',')}\n${lines.map((line) => `${line}\n`).join('')}`
}

/** A heading as RFC 4180 wants it. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function asText(answer: ReturnType<typeof answerOf>): string {
  const { subcatchments, nodes, ignored, continuity } = answer
  type Row = (typeof subcatchments)[number]
  const column = (title: string, digits: number, of: (row: Row) => number | null) => ({
    title,
    align: 'right' as const,
    cell: (row: Row) => of(row)?.toFixed(digits) ?? '-',
  })
  const table = textTable<Row>(
    [
      { title: 'subcatchment', align: 'left', cell: ({ name }) => name },
      column('rain mm', 2, ({ precipMm }) => precipMm),
      column('run-on mm', 2, ({ runonMm }) => runonMm),
      column('evap. mm', 2, ({ evapMm }) => evapMm),
      column('infil. mm', 2, ({ infilMm }) => infilMm),
      column('runoff mm', 2, ({ runoffMm }) => runoffMm),
      column('peak L/s', 2, ({ peakLps }) => peakLps),
      column('coeff', 3, ({ coeff }) => coeff),
    ],
    subcatchments,
  )
  const outfalls = textTable(
    [
      { title: 'node', align: 'left', cell: ({ name }) => name },
      { title: 'kind', align: 'left', cell: ({ kind }) => kind },
      { title: 'inflow m³', align: 'right', cell: ({ inflowM3 }) => inflowM3.toFixed(2) },
      { title: 'peak L/s', align: 'right', cell: ({ peakLps }) => peakLps.toFixed(2) },
      { title: 'flooded m³', align: 'right', cell: ({ floodedM3 }) => floodedM3.toFixed(2) },
    ],
    nodes,
  )
  const error = ({ errorPercent }: { readonly errorPercent: number }): string =>
    `${rounded(Number(errorPercent.toFixed(4)))} %`
  return (
    `${table}\n${nodes.length > 0 ? `${outfalls}\n` : ''}` +
    `continuity error: runoff ${error(continuity.runoff)}, routing ${error(continuity.routing)}\n` +
    (ignored.length > 0 ? `ignored: ${ignored.join(', ')}\n` : '')
  )
}
