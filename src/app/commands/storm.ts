import type { Command } from 'commander'
import { rounded, roundedDeep } from '../../domain/rounding.js'
import { chicagoHyetograph } from '../../domain/storm/chicago-hyetograph.js'
import {
  beyondValidity,
  stormDepthMm,
  stormParameters,
} from '../../domain/storm/storm-intensity.js'
import { CommandError, EXIT } from '../exit.js'
import { numberWithin } from '../option-values.js'
import { formulaReference, namedFormula, referenceText, stormFormulas } from '../storm-formulas.js'
import { textTable } from '../text-table.js'

interface StormFlags {
  readonly formula?: string
  readonly formulas?: string
  readonly period: number
  readonly duration: number
  readonly peak: number
  readonly step: number
  readonly list?: true
  readonly json?: true
}

/** `rainledger storm`: a design storm of a storm intensity formula. */
export function stormCommand(program: Command): void {
  program
    .command('storm')
    .summary('design storm (Chicago hyetograph) of a storm intensity formula')
    .description(
      'Depth and Chicago hyetograph (Keifer & Chu) of a storm intensity formula (暴雨强度公式), from\n' +
        'the differenced cumulative curve, so that the steps add up to the depth.',
    )
    .option('--formula <id>', 'which formula; --list prints them')
    .option(
      '--formulas <file>',
      'a registry of your own instead of the one that comes along (YAML)',
    )
    .option('--period <years>', 'return period', numberWithin('--period', 0.1, 1000), 3)
    .option('--duration <min>', 'duration', numberWithin('--duration', 1, 1440), 120)
    .option(
      '--peak <r>',
      'share of the duration before the peak',
      numberWithin('--peak', 0.01, 0.99),
      0.4,
    )
    .option('--step <min>', 'length of a step', numberWithin('--step', 0.5, 1440), 5)
    .option('--list', 'list the formulas instead')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action(async (flags: StormFlags) => {
      await storm(flags)
    })
}

const HELP = `
Example:
  rainledger storm --formula shanghai --period 3 --duration 120 --peak 0.405 --step 5 --json

--json prints one object:
  formula        id, name, document, status, sampling, validity, remark, source,
                 qPerMmMinSource, unverified (its source or remark says so)
  form           single-period, interval or general: which form of the formula serves the period
  parameters     A (L/(s·hm2)), b (min), n of q = A/(t + b)^n; qPerMmMin
  periodYears, durationMin, peak, stepMin
  depthMm, meanIntensityMmH
  steps[]        fromMin, toMin, depthMm
  remarks[]      what lies outside the formula's range

Exit codes: 0 done; 2 bad usage, or a formula that does not reach the return period.`

async function storm(flags: StormFlags): Promise<void> {
  const registry = await stormFormulas(flags.formulas)
  if (flags.list === true) {
    const all = registry.formulas.map((formula) => formulaReference(registry, formula))
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ formulas: all })}\n`
        : `${all.map(referenceText).join('\n')}\n`,
    )
    return
  }
  if (flags.formula === undefined) {
    throw new CommandError(EXIT.badInput, '--formula is missing; --list prints the names there are')
  }
  const formula = namedFormula(registry, flags.formula)
  const { period: periodYears, duration: durationMin, peak, step: stepMin } = flags
  const parameters = stormParameters(formula, periodYears, registry.qPerMmMin)
  if (parameters === null) {
    const rows = (formula.singlePeriod ?? []).map((row) => row.periodYears).join(', ')
    throw new CommandError(
      EXIT.badInput,
      `--period ${periodYears}: ${formula.id} has no parameters for it${rows === '' ? '' : `; it has ${rows} years`}`,
    )
  }
  const { form, ...numbers } = parameters
  const reference = formulaReference(registry, formula)
  const depthMm = stormDepthMm(parameters, durationMin, registry.qPerMmMin)
  const answer = {
    formula: reference,
    form,
    parameters: { ...numbers, qPerMmMin: registry.qPerMmMin },
    periodYears,
    durationMin,
    peak,
    stepMin,
    depthMm,
    meanIntensityMmH: (60 * depthMm) / durationMin,
    steps: chicagoHyetograph(parameters, durationMin, peak, stepMin, registry.qPerMmMin),
    remarks: beyondValidity(formula, { durationMin, periodYears }),
  }
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(roundedDeep(answer))}\n` : asText(answer),
  )
}

interface Answer {
  readonly formula: ReturnType<typeof formulaReference>
  readonly form: string
  readonly periodYears: number
  readonly durationMin: number
  readonly depthMm: number
  readonly steps: readonly { fromMin: number; toMin: number; depthMm: number }[]
  readonly remarks: readonly string[]
}

function asText(answer: Answer): string {
  const { periodYears, durationMin, depthMm, form } = answer
  const table = textTable(
    [
      { title: 'from min', align: 'right', cell: ({ fromMin }) => String(rounded(fromMin)) },
      { title: 'to min', align: 'right', cell: ({ toMin }) => String(rounded(toMin)) },
      { title: 'depth mm', align: 'right', cell: (step) => step.depthMm.toFixed(3) },
    ],
    answer.steps,
  )
  const head = `${referenceText(answer.formula)}\n${periodYears} a, ${durationMin} min: ${depthMm.toFixed(3)} mm (${form})\n`
  return `${head}${table}${answer.remarks.map((remark) => `note: ${remark}\n`).join('')}`
}
