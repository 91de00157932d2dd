/**
 * What `npm test` and `npm run test:real` run.
 *
 *     tsx test/setup/run.ts                     build if stale, types, lint, format, every project but `real`
 *     tsx test/setup/run.ts --project real      one project, or several
 *
 * Ends with a table of what ran and one plain line `N passed, N failed`; exit 1 unless all passed.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isBuilt } from './is-built.js'
import { temporaryFolder } from './temp-folder.js'
import { failedTally, reportTally, type Tally } from './tally.js'

/** In the order in which they run: the fast ones first. Projects of vitest.config.ts. */
const PROJECTS = ['unit', 'architecture', 'contract', 'integration', 'browser', 'trials'] as const
const CHECKS = [
  { kind: 'types', program: 'tsc', args: ['--noEmit'] },
  { kind: 'page types', program: 'tsc', args: ['-p', 'dashboards', '--noEmit'] },
  { kind: 'lint', program: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { kind: 'format', program: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
] as const
/** What is killed or drawn under load must not compete with its neighbour for two cores. */
const ONE_AT_A_TIME: ReadonlySet<string> = new Set(['browser', 'trials'])

const root = resolve(import.meta.dirname, '../..')
/** Longest one kind may take, ms: a hanging test must not become a hanging CI job. */
const KIND_LIMIT_MS = 10 * 60_000

async function main(): Promise<void> {
  const chosen = chosenProjects(process.argv.slice(2))
  const tallies: Tally[] = []
  if (chosen.length === 0) {
    if (!(await isBuilt(root))) tallies.push(await check('build', 'npm', ['run', 'build']))
    for (const { kind, program, args } of CHECKS)
      tallies.push(await check(kind, local(program), args))
  }
  const reports = await temporaryFolder('test-reports')
  try {
    for (const project of chosen.length === 0 ? PROJECTS : chosen) {
      tallies.push(await runProject(project, join(reports.path, `${project}.json`)))
    }
  } finally {
    await reports.remove()
  }

  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  process.stdout.write(`\n${table(tallies)}\n\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
}

/** The values of `--project`, in the order given; none means all but `real`. */
function chosenProjects(args: readonly string[]): readonly string[] {
  const projects: string[] = []
  for (let i = 0; i < args.length; i += 2) {
    const value = args[i + 1]
    if (args[i] !== '--project' || value === undefined) {
      process.stderr.write('usage: run.ts [--project NAME]…\n')
      process.exit(2)
    }
    projects.push(value)
  }
  return projects
}

/** A check that passes or fails as a whole. */
async function check(kind: string, program: string, args: readonly string[]): Promise<Tally> {
  const startMs = performance.now()
  process.stdout.write(`\n— ${kind}\n`)
  const ended = await run(program, args)
  const durationMs = performance.now() - startMs
  if (ended === 'ok') return { kind, passed: 1, failed: 0, durationMs, notes: [] }
  return failedTally(kind, durationMs, ended)
}

async function runProject(project: string, reportFile: string): Promise<Tally> {
  const startMs = performance.now()
  process.stdout.write(`\n— ${project}\n`)
  const records = resolve(root, '../shared/data')
  if (project === 'real' && !existsSync(records)) {
    return failedTally(project, 0, `the real records are not there: ${records}`)
  }
  const ended = await run(local('vitest'), [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...(ONE_AT_A_TIME.has(project) ? ['--maxWorkers=1'] : []),
  ])
  const durationMs = performance.now() - startMs
  const report = await readFile(reportFile, 'utf8').catch((error: unknown) => String(error))
  return reportTally(project, durationMs, ended, report)
}

function local(program: string): string {
  return join(root, 'node_modules/.bin', program)
}

/** Runs a program with our output and no input; `ok`, or how it ended instead. */
async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const limit = { reached: false }
  const timer = setTimeout(() => {
    limit.reached = true
    child.kill('SIGTERM')
  }, KIND_LIMIT_MS)
  return await new Promise((settle) => {
    const end = (how: string): void => {
      clearTimeout(timer)
      settle(how)
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => {
      if (code === 0) end('ok')
      else if (limit.reached) end(`stopped after ${KIND_LIMIT_MS / 60_000} minutes`)
      else end(`ended with ${code ?? signal}`)
    })
  })
}

function table(tallies: readonly Tally[]): string {
  const lines = ['kind          passed  failed  seconds']
  for (const { kind, passed, failed, durationMs, notes } of tallies) {
    const seconds = (durationMs / 1_000).toFixed(1)
    lines.push(
      [
        kind.padEnd(12),
        String(passed).padStart(7),
        String(failed).padStart(7),
        seconds.padStart(8),
      ].join(' '),
    )
    for (const note of notes) lines.push(`    ${note}`)
  }
  return lines.join('\n')
}

await main()
