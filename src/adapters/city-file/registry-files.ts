import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { faultText } from '../../domain/fault.js'
import type { RegistryReading } from '../../ports/city-registry.js'
import { joined, type NamedSource } from './joined-sources.js'
import { readSources, type ReadOptions } from './registry-text.js'
import { brokenSource, yamlSource, type YamlSource } from './yaml-source.js'

export type LoadedRegistry = RegistryReading & {
  /** One text of the whole registry, for `city apply`: the file as it is, or the folder joined. */
  readonly text: string
}

/**
 * Reads a registry from a file, or from the `*.yaml` and `*.yml` files of a folder (in the order
 * of their names, not of sub-folders). A file that cannot be read is a fault, not an exception.
 */
export async function loadRegistry(
  path: string,
  options: ReadOptions = {},
): Promise<LoadedRegistry> {
  const names = await registryFiles(path)
  if (names === null) {
    const { text, source } = await fileSource(path)
    return { ...readSources([{ file: null, source }], options), text }
  }
  if (names.length === 0) {
    const source = brokenSource('the folder holds no *.yaml file', null, 'name a registry file')
    return { ...readSources([{ file: null, source }], options), text: '' }
  }
  const sources: NamedSource[] = []
  for (const name of names) {
    const file = join(path, name)
    sources.push({ file, source: (await fileSource(file)).source })
  }
  const reading = readSources(sources, options)
  return { ...reading, text: reading.ok ? stringify(joined(sources).value) : '' }
}

/** Names of the registry's files in a folder; null when the path is no folder. */
async function registryFiles(path: string): Promise<string[] | null> {
  const found = await stat(path).catch(() => null) // what is wrong with it, reading it will say
  if (found?.isDirectory() !== true) return null
  const names = await readdir(path)
  return names.filter((name) => /^[^.].*\.ya?ml$/i.test(name)).sort()
}

async function fileSource(file: string): Promise<{ text: string; source: YamlSource }> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    const source = brokenSource(
      `the file cannot be read: ${faultText(error)}`,
      null,
      'check name and rights',
    )
    return { text: '', source }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, source: yamlSource(text) }
  } catch {
    // The decoder's only complaint: these bytes are no UTF-8. Chinese editors still write GB 18030.
    const source = brokenSource('the file is not in UTF-8', null, 'save it in UTF-8, not GBK')
    return { text: '', source }
  }
}
