import type { Command } from 'commander'
import { z } from 'zod'
import { changeSchema } from '../../domain/scheme/compared.js'
import { keptAssessmentSchema } from '../../domain/scheme/kept-assessment.js'
import { changesText } from '../changes-text.js'
import { EXIT } from '../exit.js'
import { wholeNumber } from '../option-values.js'
import { connectService, serviceOptions, type ServiceFlags } from '../service-client.js'
import { textTable } from '../text-table.js'

interface KeptFlags extends ServiceFlags {
  readonly json?: true
}

const version = z.object({ ...keptAssessmentSchema.shape, version: z.int() })
const listSchema = z.object({ items: z.array(version) })
const changesSchema = z.object({ before: z.int().nullable(), changes: z.array(changeSchema) })

/** `rainledger assessments list|show|changes`: assessments that were kept. */
export function assessmentsCommand(program: Command): void {
  const kept = program
    .command('assessments')
    .summary('list, print and compare the assessments that were kept')
    .description(
      'Assessments kept by `rainledger assess --keep`, each a version of its scheme and window.\n' +
        'A version is never overwritten; late or corrected data make a new one.',
    )

  added(kept.command('list').summary('every kept assessment, newest first'))
    .option('--scheme <id>', 'of this scheme only')
    .addHelpText(
      'after',
      '\nExample:\n  rainledger assessments list --scheme mohurd-635-2015\n\nExit codes: 0 done; 3 no service answers.',
    )
    .action(async (flags: KeptFlags & { readonly scheme?: string }) => {
      const query = new URLSearchParams(flags.scheme === undefined ? {} : { scheme: flags.scheme })
      const service = await connectService(flags)
      const answer = await service.send('GET', `/assessments/kept?${query.toString()}`)
      print(flags, answer, () => listText(listSchema.parse(answer).items))
    })

  added(kept.command('show').summary('print a kept assessment whole, as JSON'))
    .argument('<id>', 'id of the list', wholeNumber('id', 0, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      '\nExample:\n  rainledger assessments show 4711 > may.json\n\nExit codes: 0 done; 2 there is no such assessment; 3 no service answers.',
    )
    .action(async (id: number, flags: KeptFlags) => {
      const service = await connectService(flags)
      const answer = await service.send('GET', `/assessments/kept/${id}`)
      process.stdout.write(`${JSON.stringify(answer)}\n`)
    })

  added(kept.command('changes').summary('what a version changed'))
    .argument('<id>', 'id of the list', wholeNumber('id', 0, Number.MAX_SAFE_INTEGER))
    .option(
      '--since <id>',
      'compare with this one instead of the version before',
      wholeNumber('--since', 0, Number.MAX_SAFE_INTEGER),
    )
    .addHelpText(
      'after',
      '\nExample:\n  rainledger assessments changes 4711 --json\n\nExit codes: 0 nothing changed; 1 something did; 2 there is no such assessment; 3 no service answers.',
    )
    .action(async (id: number, flags: KeptFlags & { readonly since?: number }) => {
      const service = await connectService(flags)
      const query = new URLSearchParams(
        flags.since === undefined ? {} : { since: String(flags.since) },
      )
      const answer = await service.send(
        'GET',
        `/assessments/kept/${id}/changes?${query.toString()}`,
      )
      const { before, changes } = changesSchema.parse(answer)
      print(flags, answer, () =>
        before === null
          ? 'it is the first of its scheme and window\n'
          : changes.length === 0
            ? `nothing changed since ${before}\n`
            : changesText(changes),
      )
      process.exitCode = changes.length === 0 ? EXIT.done : EXIT.foundWrong
    })
}

function added(command: Command): Command {
  command.option('--json', 'print the answer of the API')
  for (const option of serviceOptions()) command.addOption(option)
  return command
}

function print(flags: KeptFlags, answer: unknown, asText: () => string): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : asText())
}

function listText(items: readonly z.output<typeof version>[]): string {
  if (items.length === 0) return 'no assessment was kept; rainledger assess --keep keeps one\n'
  return textTable(
    [
      { title: 'id', align: 'right', cell: ({ id }) => String(id) },
      { title: 'scheme', align: 'left', cell: ({ scheme }) => scheme },
      { title: 'from', align: 'left', cell: ({ fromMs }) => new Date(fromMs).toISOString() },
      { title: 'to', align: 'left', cell: ({ toMs }) => new Date(toMs).toISOString() },
      { title: 'version', align: 'right', cell: (item) => String(item.version) },
      { title: 'verdict', align: 'left', cell: ({ verdict }) => verdict },
      { title: 'score', align: 'right', cell: ({ score }) => String(score ?? '-') },
      { title: 'kept', align: 'left', cell: ({ keptMs }) => new Date(keptMs).toISOString() },
      { title: 'by', align: 'left', cell: ({ person }) => person },
      { title: 'why', align: 'left', cell: ({ reason }) => reason },
    ],
    items,
  )
}
