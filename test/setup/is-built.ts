import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const SOURCES = [
  'src',
  'devices',
  'simulators',
  'dashboards',
  'package.json',
  'tsconfig.build.json',
]
/** One file of each half of the build, rewritten by every build. */
const OUTPUTS = ['dist/src/app/main.js', 'dist/dashboards/index.html']

/** Whether `dist` is there and no source is newer: `npm install` has built, and nothing has changed since. */
export async function isBuilt(root: string): Promise<boolean> {
  const builtMs = await Promise.all(OUTPUTS.map(async (file) => await changedMs(join(root, file))))
  const changes = await Promise.all(SOURCES.map(async (path) => await newestMs(join(root, path))))
  return Math.min(...builtMs) >= Math.max(...changes)
}

/** When the file, or the newest file under the folder, was last written, epoch ms. */
async function newestMs(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
  if (entries === null) return await changedMs(path)
  const files = entries.filter((entry) => entry.isFile())
  const times = files.map(async (file) => await changedMs(join(file.parentPath, file.name)))
  return Math.max(0, ...(await Promise.all(times)))
}

/** When the file was last written, epoch ms; 0 when it is not there. */
async function changedMs(file: string): Promise<number> {
  const stats = await stat(file).catch(() => null)
  return stats === null ? 0 : stats.mtimeMs
}
