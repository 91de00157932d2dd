import { access, constants } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import { faultLines, loadRegistry, registrySha256 } from '../../adapters/city-file/index.js'
import type { Registry } from '../../domain/city/registry.js'
import { roundedDeep } from '../../domain/rounding.js'
import { catchmentWeights, type WeightMethod } from '../catchment-weights.js'
import { CommandError, EXIT, systemCode } from '../exit.js'
import { READ_OPTIONS } from '../read-options.js'
import { connectService, serviceOptions, type ServiceFlags } from '../service-client.js'
import { cityFromInpCommand } from './city-from-inp.js'

const JSON_OPTION = new Option('--json', 'print the result as JSON')

interface ApplyFlags extends ServiceFlags {
  readonly person: string
  readonly reason: string
  readonly json?: true
}

/** `rainledger city check|weights|from-inp|apply`: the city registry. */
export function cityCommand(program: Command): void {
  const city = program.command('city').summary('check and apply the city registry')

  city
    .command('check')
    .summary('report every fault of a registry file, with line and remedy')
    .argument('<file>', 'city registry: a YAML file, or a folder of them')
    .addOption(JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  rainledger city check city.yaml
  rainledger city check city/ --json     a folder of *.yaml files, read as one

Exit code 0: faultless; 1: faults; 2: the file cannot be read.`,
    )
    .action(async (file: string, flags: { readonly json?: true }) => {
      const { exitCode } = await check(file, flags.json === true ? 'json' : 'text')
      process.exitCode = exitCode
    })

  city
    .command('weights')
    .summary('weights of the rain gauges for each catchment, from outlines and stations')
    .description(
      'Works out how the gauges share a catchment’s areal rain: Thiessen (area nearer to a gauge than to\n' +
        'any other) or inverse distance squared from its middle. Prints them as the registry wants them.',
    )
    .argument('<file>', 'city registry: a YAML file, or a folder of them')
    .addOption(
      new Option('--method <method>', 'how').choices(['thiessen', 'idw']).default('thiessen'),
    )
    .addOption(JSON_OPTION)
    .addHelpText(
      'after',
      `
--json prints method and catchments[]: catchment, gauges[] (sensor, weight; null without an outline).
Exit code 0: done; 1: the registry has faults; 2: the file cannot be read.`,
    )
    .action(
      async (file: string, flags: { readonly method: WeightMethod; readonly json?: true }) => {
        process.exitCode = await weights(file, flags.method, flags.json === true)
      },
    )

  cityFromInpCommand(city)

  const apply = city
    .command('apply')
    .summary('put a registry into force in the running service, without restart')
    .argument('<file>', 'city registry: a YAML file, or a folder of them')
    .option('--person <name>', 'who applies it', userInfo().username)
    .requiredOption('--reason <text>', 'why; stands in the journal beside the registry')
    .addOption(JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  rainledger city apply city.yaml --reason "gauge RG-03 installed"
  rainledger city apply city/ --person "Li Wei" --reason "outfall O2 metered" --data /var/lib/rainledger

A new device needs a secret: rainledger device secret RG-03
Exit code 0: in force; 1: faults, nothing was changed; 2: the file cannot be read; 3: no service runs.`,
    )
  for (const option of serviceOptions()) apply.addOption(option)
  apply.action(async (file: string, flags: ApplyFlags) => {
    process.exitCode = await applyFile(file, flags)
  })
}

async function weights(file: string, method: WeightMethod, json: boolean): Promise<number> {
  const { registry, exitCode } = await check(file, 'no-remarks')
  if (registry === null) return exitCode
  const catchments = catchmentWeights(registry, method)
  if (json) {
    process.stdout.write(`${JSON.stringify(roundedDeep({ method, catchments }))}\n`)
    return EXIT.done
  }
  for (const { catchment, gauges } of catchments) {
    const list = (gauges ?? []).map(
      ({ sensor, weight }) => `{ sensor: ${sensor}, weight: ${weight.toFixed(3)} }`,
    )
    const shown = gauges === null ? 'no outline' : `gauges: [${list.join(', ')}]`
    process.stdout.write(`${catchment}: ${shown}\n`)
  }
  return EXIT.done
}

/** What a registry file is, checked; prints it and returns it when it is faultless. */
async function check(
  file: string,
  print: 'text' | 'json' | 'faults-only' | 'faults-only-json' | 'no-remarks',
): Promise<{
  readonly text: string | null
  readonly registry: Registry | null
  readonly exitCode: number
}> {
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw new CommandError(EXIT.badInput, `${file}: ${systemCode(error) ?? String(error)}`)
  })
  const loaded = await loadRegistry(file, READ_OPTIONS)
  if (!loaded.ok) {
    const { faults } = loaded
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    process.stdout.write(
      print === 'json' || print === 'faults-only-json'
        ? `${JSON.stringify({ ok: false, sha256: null, faults })}\n`
        : `${[...faultLines(faults, file), count].join('\n')}\n`,
    )
    return { text: null, registry: null, exitCode: EXIT.foundWrong }
  }
  const { remarks } = loaded
  if (print === 'json') {
    const sha256 = registrySha256(loaded.registry)
    process.stdout.write(`${JSON.stringify({ ok: true, sha256, remarks })}\n`)
  } else if (print === 'text' || print === 'faults-only') {
    for (const line of faultLines(remarks, file)) process.stdout.write(`${line}\n`)
  }
  if (print === 'text') {
    const { devices, outfalls, catchments } = loaded.registry
    const sensors = devices.reduce((count, device) => count + device.sensors.length, 0)
    process.stdout.write(
      `${file}: faultless; ${devices.length} devices with ${sensors} sensors, ${catchments.length} catchments, ${outfalls.length} outfalls; sha256 ${registrySha256(loaded.registry)}\n`,
    )
  }
  return { text: loaded.text, registry: loaded.registry, exitCode: EXIT.done }
}

const applied = z.object({ changed: z.boolean(), version: z.object({ sha256: z.string() }) })

async function applyFile(file: string, flags: ApplyFlags): Promise<number> {
  const { text, exitCode } = await check(
    file,
    flags.json === true ? 'faults-only-json' : 'faults-only',
  )
  if (text === null) return exitCode
  const service = await connectService(flags)
  const query = new URLSearchParams({ person: flags.person, reason: flags.reason })
  const answer = await service.send('PUT', `/city?${query.toString()}`, { type: 'text/yaml', text })
  const { changed, version } = applied.parse(answer)
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ changed, sha256: version.sha256 })}\n`
      : `${changed ? 'in force' : 'already in force'}: ${version.sha256}\n`,
  )
  return EXIT.done
}
