import { describe, expect, test } from 'vitest'
import type { Group } from '../../../../../src/adapters/journal/group-commit.js'
import { groupCommit } from '../../../../../src/adapters/journal/group-commit.js'
import type { EntryDraft } from '../../../../../src/ports/journal.js'

const draft: EntryDraft = {
  kind: 'message',
  arrivalMs: 0,
  device: 'gauge-1',
  client: 'gauge-1',
  topic: 'rl/v1/c/gauge-1/up',
  qos: 1,
  retain: false,
  dup: false,
  payload: Buffer.from('1'),
}

/** A disk that syncs when the test says so. */
function slowDisk() {
  const writes: { group: Group; sync: () => void; fail: (error: Error) => void }[] = []
  const arrived: (() => void)[] = []
  const failures: Error[] = []
  return {
    writes,
    failures,
    /** Resolves when the n-th write has reached the disk. */
    write: async (n: number) => {
      while (writes.length < n) await new Promise<void>((resolve) => arrived.push(resolve))
      const write = writes[n - 1]
      if (write === undefined) throw new Error('no write')
      return write
    },
    target: {
      write: async (group: Group) =>
        await new Promise<void>((resolve, reject) => {
          writes.push({ group, sync: resolve, fail: reject })
          for (const wake of arrived.splice(0)) wake()
        }),
      written: () => undefined,
      failed: (error: Error) => {
        failures.push(error)
        return Promise.resolve()
      },
    },
  }
}

describe('group commit', () => {
  test('gathers what is appended while the disk works into one group', async () => {
    const disk = slowDisk()
    const commit = groupCommit(1, disk.target)
    const first = commit.append(draft)
    const one = await disk.write(1)
    const others = Array.from({ length: 100 }, async () => await commit.append(draft))
    one.sync()
    expect(await first).toBe(1)
    const two = await disk.write(2)
    expect(two.group.entries.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 100 }, (_, n) => n + 2),
    )
    two.sync()
    expect(await Promise.all(others)).toHaveLength(100)
    expect(disk.writes).toHaveLength(2)
  })

  test('resolves no append before the disk has synced', async () => {
    const disk = slowDisk()
    const commit = groupCommit(1, disk.target)
    let resolved = 0
    const appends = [commit.append(draft), commit.append(draft)].map(async (append) => {
      await append
      resolved += 1
    })
    const write = await disk.write(1)
    await new Promise((resolve) => setImmediate(resolve))
    expect(resolved).toBe(0)
    write.sync()
    await Promise.all(appends)
    expect(resolved).toBe(2)
  })

  test('rejects the whole group and everything after when the disk fails', async () => {
    const disk = slowDisk()
    const commit = groupCommit(1, disk.target)
    const group = [commit.append(draft), commit.append(draft)]
    const write = await disk.write(1)
    const waiting = commit.append(draft)
    write.fail(new Error('EIO'))
    const outcomes = await Promise.allSettled([...group, waiting])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(commit.append(draft)).rejects.toThrow('EIO')
    expect(disk.failures).toHaveLength(1)
    expect(disk.writes).toHaveLength(1)
  })

  test('writes what waits before it closes, and takes nothing after', async () => {
    const disk = slowDisk()
    const commit = groupCommit(1, disk.target)
    const append = commit.append(draft)
    const closing = commit.close()
    await expect(commit.append(draft)).rejects.toThrow('closed')
    const write = await disk.write(1)
    write.sync()
    await closing
    expect(await append).toBe(1)
    await commit.close()
  })

  test('refuses an entry that the format cannot hold, without a gap in the sequence', async () => {
    const disk = slowDisk()
    const commit = groupCommit(1, disk.target)
    await expect(commit.append({ ...draft, arrivalMs: 0.5 })).rejects.toThrow(RangeError)
    const tooLong = { ...draft, topic: 'x'.repeat(65_536) }
    await expect(commit.append(tooLong)).rejects.toThrow(RangeError)
    const append = commit.append({ ...draft, topic: 'x'.repeat(65_535) })
    const write = await disk.write(1)
    write.sync()
    expect(await append).toBe(1)
  })
})
