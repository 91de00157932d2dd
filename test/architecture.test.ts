import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { cruise, type ICruiseResult, type IModule } from 'dependency-cruiser'
import { beforeAll, expect, test } from 'vitest'

/**
 * What each folder may import. Names of npm packages stand beside
 * folders; `node:` stands for every built-in module.
 */
const TABLE: readonly {
  readonly from: RegExp
  readonly may: readonly RegExp[]
  readonly packages: readonly string[] | 'any'
  readonly node: boolean
}[] = [
  {
    from: /^src\/domain\//,
    may: [/^src\/domain\//],
    packages: ['simple-statistics', 'zod'],
    node: false,
  },
  { from: /^src\/ports\//, may: [/^src\/(domain|ports)\//], packages: [], node: false },
  {
    from: /^src\/ingest\//,
    may: [/^src\/(domain|ports|ingest)\//],
    packages: ['zod'],
    node: false,
  },
  {
    from: /^src\/assess\//,
    may: [/^src\/(domain|ports|assess)\//],
    packages: ['zod', 'canonicalize'],
    node: true,
  },
  {
    from: /^src\/adapters\/([^/]+)\//,
    may: [/^src\/(domain|ports)\//, /^src\/adapters\/$1\//],
    packages: 'any',
    node: true,
  },
  {
    from: /^src\/api\//,
    may: [/^src\/(domain|ports|api)\//, /^src\/assess\/index\.ts$/],
    packages: 'any',
    node: true,
  },
  { from: /^src\/app\//, may: [/^(src|devices|simulators)\//], packages: 'any', node: true },
  {
    from: /^devices\//,
    may: [/^devices\//, /^src\/domain\//, /^src\/ports\/device-model\.ts$/],
    packages: ['zod', 'cbor-x'],
    node: false,
  },
  // The truth that runoff and indicators are judged by shares none of their code.
  {
    from: /^simulators\/hydrology\//,
    may: [/^simulators\/hydrology\//, /^src\/domain\/(storm\/|time\.|units\.|rounding\.)/],
    packages: ['zod'],
    node: false,
  },
  {
    from: /^simulators\//,
    may: [
      /^simulators\//,
      /^src\/domain\/(?!indicators\/)/,
      /^devices\//,
      /^src\/ports\/device-model\.ts$/,
    ],
    packages: ['mqtt', 'mqtt-packet', 'zod', 'yaml'],
    node: true,
  },
  // The build's own configuration, not the page.
  { from: /^dashboards\/vite\.config\.ts$/, may: [], packages: 'any', node: true },
  { from: /^dashboards\//, may: [/^dashboards\//], packages: 'any', node: false },
]

const CRUISED = ['src', 'devices', 'simulators', 'dashboards'] as const

let modules: readonly IModule[] = []

beforeAll(async () => {
  const cruised = await cruise(
    CRUISED.filter((folder) => existsSync(folder)),
    {
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(dist|node_modules)/' },
      tsPreCompilationDeps: true,
      tsConfig: { fileName: 'tsconfig.json' },
      enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json', '.css'] },
    },
  )
  const { output } = cruised
  if (typeof output === 'string') throw new Error('the cruise gave text, not modules')
  modules = (output satisfies ICruiseResult).modules
})

/** Modules of our own, by repository path. */
function own(): readonly IModule[] {
  return modules.filter((module) =>
    CRUISED.some((folder) => module.source.startsWith(`${folder}/`)),
  )
}

test('the cruise looked at every TypeScript file', () => {
  const seen = new Set(own().map((module) => module.source))
  const files = CRUISED.filter((folder) => existsSync(folder)).flatMap(typescriptFiles)
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => !seen.has(file))).toEqual([])
})

test('every import points the way of the table', () => {
  const turned: string[] = []
  let looked = 0
  for (const module of own()) {
    const row = TABLE.find(({ from }) => from.test(module.source))
    if (row === undefined) {
      turned.push(`${module.source} stands in a folder that the table does not name`)
      continue
    }
    const own = row.from.exec(module.source)?.[1] ?? ''
    for (const dependency of module.dependencies) {
      looked++
      if (isAllowed(dependency.resolved, dependency.module, row, own)) continue
      turned.push(`${module.source} imports ${dependency.module}`)
    }
  }
  expect(looked).toBeGreaterThan(100)
  expect(turned).toEqual([])
})

function isAllowed(
  resolved: string,
  specifier: string,
  row: (typeof TABLE)[number],
  ownName: string,
): boolean {
  if (specifier.startsWith('.')) {
    return row.may.some((path) => new RegExp(path.source.replaceAll('$1', ownName)).test(resolved))
  }
  if (isBuiltin(specifier)) return row.node
  if (row.packages === 'any') return true
  return row.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
}

test('nothing goes round in a circle', () => {
  const circles = own().flatMap((module) =>
    module.dependencies
      .filter(
        (dependency) => dependency.circular && !dependency.dependencyTypes.includes('type-only'),
      )
      .map((dependency) => `${module.source} -> ${dependency.resolved}`),
  )
  expect(circles).toEqual([])
})

test('a folder with an index.ts is entered by that file only', () => {
  const trespasses: string[] = []
  for (const module of own()) {
    for (const { resolved, module: specifier } of module.dependencies) {
      if (!specifier.startsWith('.')) continue
      const room = innermostModule(resolved)
      if (room === null || module.source.startsWith(`${room}/`)) continue
      if (resolved !== `${room}/index.ts`)
        trespasses.push(`${module.source} reaches into ${resolved}`)
    }
  }
  expect(trespasses).toEqual([])
})

/** The nearest folder above a file that has an index.ts, its own folder included. */
function innermostModule(file: string): string | null {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(folder, 'index.ts'))) return folder
  }
  return null
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => relative('.', join(folder, name)).split(sep).join('/'))
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && statSync(file).isFile())
}

test('only app/config.ts reads the environment', () => {
  const readers = modules.length > 0 ? filesReadingEnvironment() : ['nothing was cruised']
  expect(readers).toEqual(['src/app/config.ts'])
})

function filesReadingEnvironment(): string[] {
  return own()
    .map((module) => module.source)
    .filter((file) => /\.tsx?$/.test(file) && readsEnvironment(file))
}

function readsEnvironment(file: string): boolean {
  return readFileSync(file, 'utf8').includes('process.env')
}

test('what the product says and its comments cite nothing that a clone does not have', () => {
  const citing = own()
    .map((module) => module.source)
    .filter((file) => /\.tsx?$/.test(file) && citesAPrivatePaper(file))
  expect(modules.length).toBeGreaterThan(0)
  expect(citing).toEqual([])
})

/** The working papers this began with; rules are cited by document, edition and clause instead. */
function citesAPrivatePaper(file: string): boolean {
  return /\b(?:standards|design|style|protocols|libraries)\.md\b/.test(readFileSync(file, 'utf8'))
}
