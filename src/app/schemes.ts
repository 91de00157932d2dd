import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { FileFault } from '../adapters/csv-file/index.js'
import { INDICATORS } from '../domain/indicators/catalogue.js'
import { schemeSchema, type Scheme } from '../domain/scheme/scheme.js'
import { CommandError, EXIT } from './exit.js'
import { faultList } from './file-faults.js'
import { packageRoot } from './package-root.js'

export type SchemeReading =
  | { readonly ok: true; readonly scheme: Scheme }
  | { readonly ok: false; readonly faults: readonly FileFault[] }

/** Reads a scheme; every fault at once, with its line. */
export function readScheme(written: string): SchemeReading {
  const lines = new LineCounter()
  const document = parseDocument(written, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    return {
      ok: false,
      faults: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        message: error.message,
      })),
    }
  }
  const lineOf = (path: readonly PropertyKey[]): number | null => {
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true)
      if (typeof node !== 'object' || node === null || !('range' in node)) continue
      const [start] = Array.isArray(node.range) ? (node.range as unknown[]) : []
      if (typeof start === 'number') return lines.linePos(start).line
    }
    return null
  }
  const read = schemeSchema.safeParse(document.toJS({ maxAliasCount: 10 }))
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => ({
      line: lineOf(path),
      message: `${path.join('.') || 'the scheme'}: ${message}`,
    }))
    return { ok: false, faults }
  }
  const faults = read.data.items.flatMap(({ proof }, i) => {
    const path = ['items', i, 'proof']
    const message = proof.by === 'indicator' ? proofFault(proof) : null
    return message === null
      ? []
      : [{ line: lineOf(path), message: `${path.join('.')}: ${message}` }]
  })
  return faults.length > 0 ? { ok: false, faults } : { ok: true, scheme: read.data }
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
  const folder = join(packageRoot(), 'src/catalogue/schemes')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const reading = readScheme(await readFile(path, 'utf8'))
      if (reading.ok) return reading.scheme
      throw new CommandError(EXIT.badInput, faultList(path, reading.faults))
    }),
  )
}
