import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Scheme } from '../../domain/scheme/scheme.js'
import { EXIT } from '../exit.js'
import { fileError } from '../file-faults.js'
import { readScheme, shippedSchemes } from '../schemes.js'
import { textTable } from '../text-table.js'

interface SchemeFlags {
  readonly json?: true
}

/** `rainledger scheme`: the schemes there are, and whether a file is one. */
export function schemeCommand(program: Command): void {
  const command = program.command('scheme').summary('schemes: the rules a city is assessed by')
  command
    .command('check')
    .summary('check a scheme file')
    .description(
      'Checks the form of a scheme and that items, groups, sources, vetoes, indicators and their\n' +
        'parameters fit together; every fault at once, with its line.',
    )
    .argument('<file>', 'scheme (YAML); the form is in src/domain/scheme/scheme.ts')
    .option('--json', 'print ok, faults[] (line, message) and, when ok, what the scheme holds')
    .addHelpText('after', '\nExit codes: 0 it is sound; 1 it is faulty; 2 it cannot be read.')
    .action(async (file: string, flags: SchemeFlags) => {
      process.exitCode = await check(file, flags.json === true)
    })
  command
    .command('list')
    .summary('list the schemes that come along')
    .option('--json', 'print them whole')
    .action(async (flags: SchemeFlags) => {
      const schemes = await shippedSchemes()
      process.stdout.write(
        flags.json === true ? `${JSON.stringify({ items: schemes })}\n` : listText(schemes),
      )
    })
}

async function check(path: string, json: boolean): Promise<number> {
  const written = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error)
  })
  const reading = readScheme(written)
  if (!reading.ok) {
    const lines = reading.faults.map(({ line, message }) => `${path}:${line ?? 1} ${message}`)
    if (json) process.stdout.write(`${JSON.stringify({ ok: false, faults: reading.faults })}\n`)
    else process.stdout.write(`${lines.join('\n')}\n`)
    return EXIT.foundWrong
  }
  const { id, edition, items, weights } = reading.value
  const points = items.reduce((sum, { score }) => sum + (score?.max ?? 0), 0)
  const holds = { id, edition, weights, items: items.length, points }
  process.stdout.write(
    json
      ? `${JSON.stringify({ ok: true, faults: [], scheme: holds })}\n`
      : `${path}: sound; ${id}, edition ${edition}, ${items.length} items, ${points} points (weights: ${weights})\n`,
  )
  return EXIT.done
}

function listText(schemes: readonly Scheme[]): string {
  return textTable(
    [
      { title: 'id', align: 'left', cell: ({ id }) => id },
      { title: 'document', align: 'left', cell: ({ document }) => document ?? '-' },
      { title: 'edition', align: 'left', cell: ({ edition }) => edition },
      { title: 'items', align: 'right', cell: ({ items }) => String(items.length) },
      { title: 'weights', align: 'left', cell: ({ weights }) => weights },
      { title: 'name', align: 'left', cell: ({ name }) => `${name.zh} / ${name.en}` },
    ],
    schemes,
  )
}
