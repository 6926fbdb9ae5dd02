import { setTimeout as pause } from 'node:timers/promises'
import { PosttrainError, systemCode } from '@posttrain/core'
import type { FileSystem } from './file-system.js'
import { nodeProcesses, type Processes } from './processes.js'
import { removeIfThere, tryTo } from './whole-file.js'

const PREFIX = 'lock-'
/** How long two that began at once look at each other before both give up: 50 times 20 ms. */
const [LOOKS, BETWEEN_LOOKS] = [50, 20]

/** Whether a file of a folder says that a process holds the folder. */
export const isLock = (name: string): boolean => name.startsWith(PREFIX)

/**
 * Holds a folder for this process, until it gives it back or ends. The lock is a file whose name says who holds it:
 * there is no moment at which it is there and does not say so.
 *
 * Everybody first puts up a lock and then looks for others', so that of two the later one sees the earlier; of two that
 * see each other the one with the greater name goes. The locks of processes that are gone do not count.
 *
 * @returns the name of the lock
 * @throws PosttrainError `invalid-argument` naming the process that holds the folder
 */
export async function lockFolder(
  fs: FileSystem,
  folder: string,
  processes: Processes = nodeProcesses,
): Promise<string> {
  const own = PREFIX + processes.own
  try {
    fs.create(`${folder}/${own}`, new Uint8Array())
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw isHeld(folder, own)
    throw error
  }
  for (let look = 1; ; look++) {
    const others = locksOf(fs, folder).filter((name) => name !== own)
    const holder = others.find((name) => processes.isAlive(name.slice(PREFIX.length)))
    if (holder === undefined) {
      for (const gone of others) removeIfThere(fs, `${folder}/${gone}`)
      return own
    }
    if (holder < own || look === LOOKS) {
      unlockFolder(fs, folder, own)
      throw isHeld(folder, holder)
    }
    await pause(BETWEEN_LOOKS)
  }
}

/** Whether a process that is alive holds the folder. */
export const isHeldByAny = (fs: FileSystem, folder: string, processes: Processes = nodeProcesses): boolean =>
  locksOf(fs, folder).some((name) => processes.isAlive(name.slice(PREFIX.length)))

/** Gives a folder back. It may be gone, or its disk. */
export const unlockFolder = (fs: FileSystem, folder: string, lock: string): void =>
  tryTo(() => removeIfThere(fs, `${folder}/${lock}`))

const locksOf = (fs: FileSystem, folder: string): string[] =>
  fs
    .list(folder)
    .map(({ name }) => name)
    .filter(isLock)

function isHeld(folder: string, lock: string): PosttrainError {
  const [pid] = lock.slice(PREFIX.length).split('-')
  return new PosttrainError(
    'invalid-argument',
    `${folder} is in use by process ${pid}`,
    `wait until it ends, or stop it with: kill ${pid}`,
  )
}
