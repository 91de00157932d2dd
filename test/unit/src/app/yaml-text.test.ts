import { expect, test } from 'vitest'
import { z } from 'zod'
import { readYaml } from '../../../../src/app/yaml-text.js'

const schema = z.looseObject({})

test('a text that repeats itself without end is a fault of the file, as is an alias of nothing', () => {
  const nine = '[1, 1, 1, 1, 1, 1, 1, 1, 1]'
  const times = (alias: string) => `[${Array.from({ length: 8 }, () => `*${alias}`).join(', ')}]`
  const bomb = `a: &a ${nine}\nb: &b ${times('a')}\nc: &c ${times('b')}\nd: ${times('c')}\n`
  const found = readYaml(bomb, schema, 'the scheme')
  expect(found).toMatchObject({ ok: false, faults: [{ line: 1 }] })
  expect(!found.ok && found.faults[0]?.message).toMatch(/^the scheme: .*write it out instead$/)
  expect(readYaml('a: *none\n', schema, 'the scheme').ok).toBe(false)
  expect(readYaml('a: &one 1\nb: *one\n', schema, 'the scheme')).toMatchObject({
    ...{ ok: true, value: { a: 1, b: 1 } },
  })
})
