import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

interface Requirement {
  readonly name: string
  /** Debian package that brings it. */
  readonly pkg: string
  readonly isThere: () => boolean
}

/** What the tests need beyond npm, in the order in which it is reported. */
const REQUIREMENTS: readonly Requirement[] = [
  { name: 'mosquitto', pkg: 'mosquitto', isThere: () => isProgram('mosquitto') },
  { name: 'mosquitto_pub', pkg: 'mosquitto-clients', isThere: () => isProgram('mosquitto_pub') },
  { name: 'influxd', pkg: 'influxdb', isThere: () => isProgram('influxd') },
  { name: 'chromium', pkg: 'chromium', isThere: () => isProgram('chromium') },
  { name: 'openssl', pkg: 'openssl', isThere: () => isProgram('openssl') },
  { name: 'strace', pkg: 'strace', isThere: () => isProgram('strace') },
  { name: 'a Chinese font', pkg: 'fonts-noto-cjk', isThere: hasChineseFont },
]

/**
 * Vitest's global set-up: the real servers the tests talk to are installed when it ends.
 * What is missing is installed with apt when this process may; otherwise it throws, naming the
 * one command to run. Several processes may call it at once.
 */
export default function setup(): void {
  addSystemFolders()
  const missing = REQUIREMENTS.filter((requirement) => !requirement.isThere())
  if (missing.length === 0) return

  const names = missing.map((requirement) => requirement.name).join(', ')
  const packages = missing.map((requirement) => requirement.pkg)
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  const prefix = privilege()
  if (prefix === null || !isProgram('apt-get')) {
    throw new Error(`the tests need ${names}; run once:\n  sudo sh -c '${command}'`)
  }

  process.stderr.write(`test set-up: ${names} missing; running ${command}\n`)
  // The lock lets one of several concurrent set-ups install; the others then find everything there.
  const lock = join(tmpdir(), 'rainledger-apt.lock')
  const script = `export DEBIAN_FRONTEND=noninteractive; ${command}`
  const [program, ...args] = [...prefix, 'flock', lock, 'sh', '-c', script]
  const run = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const still = missing.filter((requirement) => !requirement.isThere())
  if (still.length === 0) return
  const left = still.map((requirement) => requirement.name).join(', ')
  throw new Error(
    `apt-get ended with ${run.status ?? run.error?.message ?? 'a signal'} and ${left} is still missing; run:\n  sudo sh -c '${command}'`,
  )
}

/** Debian keeps servers in sbin folders, which a user's PATH often lacks. */
function addSystemFolders(): void {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const lacking = ['/usr/local/sbin', '/usr/sbin', '/sbin'].filter((f) => !folders.includes(f))
  process.env['PATH'] = [...folders, ...lacking].join(delimiter)
}

/** What to put before a command so that it runs as root; null when this process may not. */
function privilege(): readonly string[] | null {
  if (process.getuid?.() === 0) return []
  if (!isProgram('sudo')) return null
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
}

function isProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      // Not in this folder.
      return false
    }
  })
}

/** Whether a font of the Noto or Source Han CJK families is installed; without one Chinese is drawn as boxes. */
function hasChineseFont(): boolean {
  const folder = '/usr/share/fonts'
  if (!existsSync(folder)) return false
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.some((file) => /(noto|sourcehan)[^/]*cjk/i.test(file))
}
