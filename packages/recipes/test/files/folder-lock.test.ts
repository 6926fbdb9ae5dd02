import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { isLock, lockFolder, unlockFolder } from '../../src/files/folder-lock.js'
import { nodeProcesses, type Processes } from '../../src/files/processes.js'
import { MemoryFileSystem } from '../support/memory-file-system.js'

const DEAD = '7-1'
const processes = (own: string): Processes => ({ own, isAlive: (name) => name !== DEAD })

/** A folder in which a process that is gone left its lock. */
function folderWithStaleLock(): MemoryFileSystem {
  const fs = new MemoryFileSystem()
  fs.makeFolder('/run')
  fs.create(`/run/lock-${DEAD}`, new Uint8Array())
  fs.count = 0
  return fs
}

const locks = (fs: MemoryFileSystem): string[] => Object.keys(fs.tree('/run')).filter((path) => isLock(path.slice(5)))

describe('lockFolder', () => {
  it('takes over from a process that is gone, and gives back', async () => {
    const fs = folderWithStaleLock()
    const lock = await lockFolder(fs, '/run', processes('10-1'))
    expect(locks(fs)).toEqual(['/run/lock-10-1'])
    unlockFolder(fs, '/run', lock)
    expect(locks(fs)).toEqual([])
    unlockFolder(fs, '/gone', lock)
  })

  it.each(['9-1', '11-1'])('refuses the second one, with the process that holds the folder: %s', async (second) => {
    const fs = folderWithStaleLock()
    await lockFolder(fs, '/run', processes('10-1'))
    await expect(lockFolder(fs, '/run', processes(second))).rejects.toMatchObject({
      code: 'invalid-argument',
      message: '/run is in use by process 10',
      hint: 'wait until it ends, or stop it with: kill 10',
    })
    expect(locks(fs)).toEqual(['/run/lock-10-1'])
  })

  it('refuses the second one of the same process', async () => {
    const fs = folderWithStaleLock()
    await lockFolder(fs, '/run', processes('10-1'))
    await expect(lockFolder(fs, '/run', processes('10-1'))).rejects.toThrow('/run is in use by process 10')
  })

  it.each([
    ['10-1', '11-1'],
    ['11-1', '10-1'],
  ])('lets one of two win, whenever the second comes: %s and %s', async (first, second) => {
    for (let k = 0; k < 6; k++) {
      const fs = folderWithStaleLock()
      let other: Promise<string> | undefined
      fs.saboteur = (count) => {
        if (count !== k) return undefined
        fs.saboteur = () => undefined
        other = lockFolder(fs, '/run', processes(second))
        return undefined
      }
      const own = lockFolder(fs, '/run', processes(first))
      fs.saboteur = () => undefined
      other ??= lockFolder(fs, '/run', processes(second))
      const results = await Promise.allSettled([own, other])
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [`/run/${result.value}`] : []))
      expect(winners).toHaveLength(1)
      expect(locks(fs)).toEqual(winners)
    }
  })
})

describe('nodeProcesses', () => {
  it('tells a process from a later one with the same id, and from none', async () => {
    expect(nodeProcesses.isAlive(nodeProcesses.own)).toBe(true)
    expect(['', 'x-1', '0-1', '-1', `${2 ** 31}-1`].filter(nodeProcesses.isAlive)).toEqual([])
    if (process.platform === 'linux') expect(nodeProcesses.isAlive(`${process.pid}-1`)).toBe(false)
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    expect(nodeProcesses.isAlive(`${child.pid}-1`)).toBe(false)
  })
})
