import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import { faultLines, readRegistry, registrySha256 } from '../../adapters/city-file/index.js'
import { CommandError, EXIT, systemCode } from '../exit.js'
import {
  ServiceProblem,
  connectService,
  serviceOptions,
  type ServiceFlags,
} from '../service-client.js'

const JSON_OPTION = new Option('--json', 'print the result as JSON')

interface ApplyFlags extends ServiceFlags {
  readonly person: string
  readonly reason: string
  readonly json?: true
}

/** `rainledger city check|apply`: the city registry. */
export function cityCommand(program: Command): void {
  const city = program.command('city').summary('check and apply the city registry')

  city
    .command('check')
    .summary('report every fault of a registry file, with line and remedy')
    .argument('<file>', 'city registry (YAML)')
    .addOption(JSON_OPTION)
    .addHelpText('after', '\nExit code 0: faultless; 1: faults; 2: the file cannot be read.')
    .action(async (file: string, flags: { readonly json?: true }) => {
      process.exitCode = await check(file, flags.json === true)
    })

  const apply = city
    .command('apply')
    .summary('put a registry into force in the running service, without restart')
    .argument('<file>', 'city registry (YAML)')
    .option('--person <name>', 'who applies it', userInfo().username)
    .requiredOption('--reason <text>', 'why; stands in the journal beside the registry')
    .addOption(JSON_OPTION)
    .addHelpText(
      'after',
      '\nExample:\n  rainledger city apply city.yaml --reason "gauge RG-03 installed"',
    )
  for (const option of serviceOptions()) apply.addOption(option)
  apply.action(async (file: string, flags: ApplyFlags) => {
    process.exitCode = await applyFile(file, flags)
  })
}

async function check(file: string, json: boolean): Promise<number> {
  const reading = readRegistry(await readText(file))
  if (reading.ok) {
    const { devices, outfalls, catchments } = reading.registry
    const sha256 = registrySha256(reading.registry)
    const sensors = devices.reduce((count, device) => count + device.sensors.length, 0)
    process.stdout.write(
      json
        ? `${JSON.stringify({ ok: true, sha256, faults: [] })}\n`
        : `${file}: faultless; ${devices.length} devices with ${sensors} sensors, ${catchments.length} catchments, ${outfalls.length} outfalls; sha256 ${sha256}\n`,
    )
    return EXIT.done
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ ok: false, faults: reading.faults })}\n`
      : `${faultLines(reading.faults, file).join('\n')}\n${reading.faults.length} faults\n`,
  )
  return EXIT.foundWrong
}

const applied = z.object({ changed: z.boolean(), version: z.object({ sha256: z.string() }) })

async function applyFile(file: string, flags: ApplyFlags): Promise<number> {
  const text = await readText(file)
  const checked = await check(file, flags.json === true && !readRegistry(text).ok)
  if (checked !== EXIT.done) return checked
  const service = await connectService(flags)
  const query = new URLSearchParams({ person: flags.person, reason: flags.reason })
  try {
    const answer = await service.send('PUT', `/city?${query}`, { type: 'text/yaml', text })
    const { changed, version } = applied.parse(answer)
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ changed, sha256: version.sha256 })}\n`
        : `${changed ? 'in force' : 'already in force'}: ${version.sha256}\n`,
    )
    return EXIT.done
  } catch (error) {
    if (error instanceof ServiceProblem) throw new CommandError(error.exitCode, error.message)
    throw error
  }
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, `${file}: ${systemCode(error) ?? String(error)}`)
  })
}
