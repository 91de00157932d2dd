import { mkdir, statfs } from 'node:fs/promises'
import { CommandError, EXIT } from './exit.js'

/** `f_type` of file systems that other machines share (statfs(2)). */
const NETWORK_DISKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff53_4d42, 'CIFS'],
  [0xfe53_4d42, 'SMB2'],
  [0x00c3_6400, 'Ceph'],
  [0x5346_414f, 'AFS'],
])

/**
 * Throws CommandError for a folder that another machine may have open: the lock is answered by the
 * kernel of the owner's machine, so from another one a living owner looks dead.
 */
export async function refuseNetworkDisk(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { type } = await statfs(folder)
  const kind = NETWORK_DISKS.get(type)
  if (kind === undefined) return
  throw new CommandError(
    EXIT.badInput,
    `--standby: ${folder} lies on ${kind}, where a standby cannot see whether the owner on another machine lives; use a disk of this machine and run the standby beside its owner`,
  )
}
