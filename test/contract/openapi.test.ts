import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { openApiText } from '../../src/api/openapi-text.js'

interface Operation {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Record<string, unknown> }>
  >
}

interface OpenApi {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

let text = ''
let document: OpenApi

beforeAll(async () => {
  text = await openApiText()
  document = JSON.parse(text) as OpenApi
})

test('the committed copy is what the service serves', async () => {
  const committed = await readFile('src/api/openapi.json', 'utf8')
  expect(
    committed === text,
    'refresh it with: npx tsx src/api/print-openapi.ts > src/api/openapi.json',
  ).toBe(true)
})

test('the document is OpenAPI 3.1 with operations to every method it names', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({ title: 'Rainledger', version: 'v1' })
  expect(operations().length).toBeGreaterThan(20)
  for (const { method, path, operation } of operations()) {
    expect(METHODS, `${method} ${path}`).toContain(method)
    expect(operation.summary, `${method} ${path}`).toBeTruthy()
    expect(operation.tags, `${method} ${path}`).toHaveLength(1)
    expect(Object.keys(operation.responses), `${method} ${path}`).toContain('200')
    for (const { description } of Object.values(operation.responses)) {
      expect(description, `${method} ${path}`).toBeTruthy()
    }
  }
})

test('every reference leads somewhere and every component is referred to', () => {
  const referred = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, target]) => target ?? '')
  expect(referred.length).toBeGreaterThan(0)
  const known = Object.keys(document.components.schemas).map(
    (name) => `#/components/schemas/${name}`,
  )
  expect([...new Set(referred)].sort()).toEqual(known.sort())
})

test('the variables of a path are its path parameters, and no others', () => {
  for (const { method, path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    expect(
      declared.map(({ name }) => name),
      `${method} ${path}`,
    ).toEqual(inPath)
  }
})

test('every answer in JSON has a named schema, every failure is a problem', () => {
  const problem = { schema: { $ref: '#/components/schemas/Problem' } }
  for (const { method, path, operation } of operations()) {
    const json = operation.responses['200']?.content?.['application/json']
    if (json !== undefined) {
      expect(json, `${method} ${path}`).toMatchObject({
        schema: { $ref: expect.stringContaining('#/components/schemas/') as string },
      })
    }
    const failure = operation.responses['default']?.content?.['application/problem+json']
    expect(failure, `${method} ${path}`).toEqual(problem)
  }
})

test('operations that write ask for the token', () => {
  const writing = operations().filter(({ method }) => method !== 'get')
  expect(writing.length).toBeGreaterThan(0)
  for (const { operation } of writing) expect(operation.security).toEqual([{ token: [] }])
})

function operations(): { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
}
