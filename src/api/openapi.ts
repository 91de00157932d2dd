import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Api } from './parts.js'
import { DOCS_POLICY } from './security-headers.js'

type Document = ReturnType<typeof jsonSchemaTransformObject>

/** Describes the routes as OpenAPI 3.1 from the very schemas that check them. */
export async function describeRoutes(api: Api): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rainledger',
        version: 'v1',
        description:
          'What a sponge city measures, and what follows from it. Times go in as ISO 8601 with offset or epoch milliseconds and come out as UTC epoch milliseconds in fields that end in Ms. Values are in the UCUM unit beside them. Errors are RFC 9457 problem details.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'the write token printed at start',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      withoutIntegerBounds(withoutStrayComponents(jsonSchemaTransformObject(document))),
  })
  await api.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_POLICY })
}

/**
 * Keeps the components that something refers to, by name. Zod lists every named schema of the
 * process, also those of modules that have nothing to do with the API, so without this the
 * document would depend on what else was loaded.
 */
function withoutStrayComponents(document: Document): Document {
  if (!('components' in document) || document.components?.schemas === undefined) return document
  const all = document.components.schemas
  const wanted = new Set<string>()
  const walk = (node: unknown): void => {
    for (const name of referencedNames(node)) {
      if (wanted.has(name)) continue
      wanted.add(name)
      walk(all[name])
    }
  }
  walk(document.paths)
  const schemas = Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => wanted.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return { ...document, components: { ...document.components, schemas } } as Document
}

function referencedNames(node: unknown): string[] {
  const text = JSON.stringify(node) ?? ''
  return [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '')
}

/** Zod says of every integer that it is a safe one; that is true of all JSON and only fills the page. */
function withoutIntegerBounds(document: Document): Document {
  const isBound = (key: string, value: unknown): boolean =>
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER) ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER)
  const text = JSON.stringify(document, (key: string, value: unknown) =>
    isBound(key, value) ? undefined : value,
  )
  return JSON.parse(text) as Document
}
