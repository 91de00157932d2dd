import { userInfo } from 'node:os'
import { faultLines, loadRegistry } from '../adapters/city-file/index.js'
import type { RegistryChange } from '../ports/city-registry.js'
import { CommandError, EXIT } from './exit.js'
import { READ_OPTIONS } from './read-options.js'

/** The registry of --city as a first start applies it; null without one. Throws CommandError with every fault. */
export async function registryOfFile(file: string | undefined): Promise<RegistryChange | null> {
  if (file === undefined) return null
  const loaded = await loadRegistry(file, READ_OPTIONS)
  if (!loaded.ok) throw new CommandError(EXIT.badInput, faultLines(loaded.faults, file).join('\n'))
  return { text: loaded.text, person: userInfo().username, reason: `first start with ${file}` }
}
