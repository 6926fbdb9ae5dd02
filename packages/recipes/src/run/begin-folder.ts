import { dirname } from 'node:path'
import { invalidArgument, type PosttrainError, systemCode, systemReason } from '@posttrain/core'
import type { Entry, FileSystem } from '../files/file-system.js'
import { isLock, lockFolder, unlockFolder } from '../files/folder-lock.js'
import type { Processes } from '../files/processes.js'
import { isThere, makeFolder, makeFolders, partialOf, removeFolders } from '../files/whole-file.js'
import { removeIfThere, removeTree, tryTo, writeWhole } from '../files/whole-file.js'
import { writeRunConfig, type RunConfig } from './config.js'
import { BASE, CONFIG, WORK } from './folder-layout.js'

/**
 * Makes a folder a run and holds it, by all that a run will ask of it, or leaves nothing.
 *
 * @returns the lock
 * @throws PosttrainError `invalid-argument` if it is not empty, in use, or cannot be written
 */
export async function beginFolder(
  fs: FileSystem,
  path: string,
  config: RunConfig,
  base: Uint8Array,
  processes: Processes,
): Promise<string> {
  let made: readonly string[] = []
  try {
    requireFree(fs, path, 'unless held')
    made = makeFolders(fs, path)
    const lock = await lockFolder(fs, path, processes)
    try {
      requireFree(fs, path)
      fill(fs, path, config, base)
    } catch (error) {
      unlockFolder(fs, path, lock)
      throw error
    }
    return lock
  } catch (error) {
    removeFolders(fs, made)
    if (systemCode(error) === undefined) throw error
    throw invalidArgument(`cannot write to ${path}: ${systemReason(error)}`, 'choose another --out')
  }
}

/** Writes what makes a folder a run, or nothing. */
function fill(fs: FileSystem, path: string, config: RunConfig, base: Uint8Array): void {
  try {
    makeFolder(fs, `${path}/${WORK}`)
    writeWhole(fs, `${path}/${WORK}/${BASE}`, base)
    writeWhole(fs, `${path}/${CONFIG}`, new TextEncoder().encode(writeRunConfig(config)))
  } catch (error) {
    tryTo(() => removeIfThere(fs, `${path}/${CONFIG}`))
    tryTo(() => removeTree(fs, `${path}/${WORK}`))
    throw error
  }
}

/**
 * Refuses a folder that has something in it, but not what a start leaves that was killed.
 *
 * @param unlessHeld who holds it is told by the lock
 */
function requireFree(fs: FileSystem, path: string, unlessHeld?: 'unless held'): void {
  let entries: readonly Entry[]
  try {
    entries = fs.list(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    if (systemCode(error) === 'ENOTDIR' && isThere(fs, dirname(path))) throw isOccupied(path)
    throw error
  }
  if (unlessHeld && entries.some(({ name }) => isLock(name))) return
  const isLeft = ({ name }: Entry): boolean => isLock(name) || name === partialOf(CONFIG)
  const isBase = ({ name }: Entry): boolean => name === BASE || name === partialOf(BASE)
  const isBegun = ({ name, isFolder }: Entry): boolean =>
    name === WORK && isFolder && fs.list(`${path}/${WORK}`).every(isBase)
  if (entries.every((entry) => isLeft(entry) || isBegun(entry))) return
  throw isOccupied(path)
}

const isOccupied = (path: string): PosttrainError =>
  invalidArgument(`${path} exists and is not an empty folder`, 'choose another --out, or continue it with --resume')
