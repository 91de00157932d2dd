import type { Command } from 'commander'
import { z } from 'zod'
import { connectService, serviceOptions, type ServiceFlags } from '../service-client.js'

/** `rainledger device secret`: credentials of field devices. */
export function deviceCommand(program: Command): void {
  const device = program.command('device').summary('credentials of field devices')
  const secret = device
    .command('secret')
    .summary('make a new secret for a device and print it, once')
    .description(
      'Makes a new secret (MQTT password) for a device of the registry and prints it. It is kept as\n' +
        'a salted hash only: write it down now. The old secret stops working at once.',
    )
    .argument('<device>', 'id of the device, which is also its MQTT user name')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Example:
  mosquitto_pub -u RG-03 -P "$(rainledger device secret RG-03)" -q 1 \\
    -t rl/v1/<city>/RG-03/up -m '[{"n":"rain","u":"mm","v":0.2,"t":1795391940}]'`,
    )
  for (const option of serviceOptions()) secret.addOption(option)
  secret.action(async (id: string, flags: ServiceFlags & { readonly json?: true }) => {
    const service = await connectService(flags)
    const answer = z
      .object({ device: z.string(), secret: z.string() })
      .parse(await service.send('POST', `/devices/${encodeURIComponent(id)}/secret`))
    process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : `${answer.secret}\n`)
  })
}
