import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  formulaRegistrySchema,
  type FormulaRegistry,
  type StormFormula,
} from '../domain/storm/formula-registry.js'
import { CommandError, EXIT } from './exit.js'
import { faultList, fileError } from './file-faults.js'
import { packageRoot } from './package-root.js'
import { readYaml } from './yaml-text.js'

/** The formulas that come with the program, or those of a file of the same form. */
export async function stormFormulas(path: string | undefined): Promise<FormulaRegistry> {
  const file = path ?? join(packageRoot(), 'src/catalogue/storm-formulas.yaml')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(file, error)
  })
  const read = readYaml(text, formulaRegistrySchema, 'the formulas')
  if (read.ok) return read.value
  throw new CommandError(EXIT.badInput, faultList(file, read.faults))
}

/** The formula of a name, or an error that lists the names there are. */
export function namedFormula({ formulas }: FormulaRegistry, id: string): StormFormula {
  const found = formulas.find((formula) => formula.id === id)
  if (found !== undefined) return found
  const names = formulas.map((formula) => formula.id).join(', ')
  throw new CommandError(EXIT.badInput, `--formula ${id}: there is none of that name; ${names}`)
}

/** What a reader must know of a formula, beside every result that used it. */
export function formulaReference(registry: FormulaRegistry, formula: StormFormula) {
  const source = registry.sources[formula.tag] ?? formula.tag
  return {
    id: formula.id,
    name: formula.name,
    document: formula.document,
    status: formula.status ?? null,
    sampling: formula.sampling ?? null,
    validity: formula.validity ?? null,
    remark: formula.remark ?? null,
    source,
    qPerMmMinSource: registry.qPerMmMinSource,
    unverified: [source, formula.remark].some((words) => words?.includes('(unverified)') === true),
  }
}

/** The same in one line, as commands print it. */
export function referenceText(reference: ReturnType<typeof formulaReference>): string {
  const { id, name, document, status, source } = reference
  const stale = status === 'superseded' ? ', superseded' : ''
  return `${id} (${name.zh}): ${document ?? 'no document number'}${stale}; ${source}`
}
