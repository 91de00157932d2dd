import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INDICATORS } from '../domain/indicators/catalogue.js'
import { schemeSchema, type Scheme } from '../domain/scheme/scheme.js'
import { CommandError, EXIT } from './exit.js'
import { faultList, fileError } from './file-faults.js'
import { packageRoot } from './package-root.js'
import { readYaml, type YamlReading } from './yaml-text.js'

/** Reads a scheme; every fault at once, with its line. */
export function readScheme(written: string): YamlReading<Scheme> {
  return readYaml(written, schemeSchema, 'the scheme', ({ items }) =>
    items.flatMap(({ proof }, i) => {
      const message = proof.by === 'indicator' ? proofFault(proof) : null
      return message === null ? [] : [{ path: ['items', i, 'proof'], message }]
    }),
  )
}

/** What a scheme asks of an indicator that there is not; null when all of it is there. */
function proofFault(
  proof: Extract<Scheme['items'][number]['proof'], { by: 'indicator' }>,
): string | null {
  const indicator = INDICATORS.find(({ id }) => id === proof.indicator)
  if (indicator === undefined) {
    return `there is no indicator ${proof.indicator}; there are ${INDICATORS.map(({ id }) => id).join(', ')}`
  }
  if (!indicator.subjectKinds.includes(proof.subjects)) {
    return `${indicator.id} is for ${indicator.subjectKinds.join(', ')}, not for a ${proof.subjects}`
  }
  const known = indicator.parameters.map(({ name }) => name)
  const unknown = Object.keys(proof.parameters).filter((name) => !known.includes(name))
  if (unknown.length === 0) return null
  return `${indicator.id} has no parameter ${unknown.join(', ')}; it has ${known.join(', ')}`
}

/** The schemes that come with the program. Throws when one of them is faulty. */
export async function shippedSchemes(): Promise<readonly Scheme[]> {
  const read = await schemesIn(join(packageRoot(), 'src/catalogue/schemes'))
  return read.map(({ scheme }) => scheme)
}

/**
 * Those, and the ones of a folder. Throws CommandError for a folder or file that cannot be read, every fault
 * of a faulty one, and an id that two have: an assessment names its scheme by it.
 */
export async function knownSchemes(folder: string | undefined): Promise<readonly Scheme[]> {
  const known = [...(await shippedSchemes())]
  if (folder === undefined) return known
  for (const { path, scheme } of await schemesIn(folder)) {
    if (known.some(({ id }) => id === scheme.id)) {
      throw new CommandError(
        EXIT.badInput,
        `${path}: there is a scheme ${scheme.id} already; give this one another id`,
      )
    }
    known.push(scheme)
  }
  return known
}

async function schemesIn(
  folder: string,
): Promise<readonly { readonly path: string; readonly scheme: Scheme }[]> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw fileError(folder, error)
  })
  const names = entries.filter((name) => /\.ya?ml$/.test(name)).sort()
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const reading = readScheme(await readFile(path, 'utf8'))
      if (reading.ok) return { path, scheme: reading.value }
      throw new CommandError(EXIT.badInput, faultList(path, reading.faults))
    }),
  )
}
