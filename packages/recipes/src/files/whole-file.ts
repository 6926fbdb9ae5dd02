import { dirname } from 'node:path'
import { systemCode } from '@posttrain/core'
import type { FileSystem } from './file-system.js'

/** What a file is called until it is whole. */
export const partialOf = (path: string): string => `${path}.partial`

/**
 * Writes a whole file or nothing, and it lasts: under another name first, synced, renamed, its folder synced. One
 * writer at a time.
 */
export function writeWhole(fs: FileSystem, path: string, content: Uint8Array): void {
  const partial = partialOf(path)
  try {
    removeIfThere(fs, partial)
    fs.create(partial, content)
    fs.sync(partial)
    fs.rename(partial, path)
  } catch (error) {
    tryTo(() => fs.remove(partial))
    throw error
  }
  fs.syncFolder(dirname(path))
}

/** Makes a folder and those above it that are missing, so that they last. @returns those it made, from the top */
export function makeFolders(fs: FileSystem, path: string): string[] {
  const missing: string[] = []
  for (let folder = path; !isThere(fs, folder); folder = dirname(folder)) missing.unshift(folder)
  const made: string[] = []
  try {
    for (const folder of missing) if (makeFolder(fs, folder)) made.push(folder)
    return made
  } catch (error) {
    removeFolders(fs, missing)
    throw error
  }
}

/** Makes one folder, unless it is there, so that it lasts. @returns whether it was missing */
export function makeFolder(fs: FileSystem, path: string): boolean {
  let missing = true
  try {
    fs.makeFolder(path)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    missing = false
  }
  fs.syncFolder(dirname(path))
  return missing
}

/** Removes those of the folders that are empty, after a failure; `folders` from the top. */
export function removeFolders(fs: FileSystem, folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) tryTo(() => fs.removeFolder(folder))
}

/** Removes a folder with all it holds; what is gone already is left out. */
export function removeTree(fs: FileSystem, path: string): void {
  if (!isThere(fs, path)) return
  for (const { name, isFolder } of fs.list(path)) {
    if (isFolder) removeTree(fs, `${path}/${name}`)
    else removeIfThere(fs, `${path}/${name}`)
  }
  fs.removeFolder(path)
}

export function removeIfThere(fs: FileSystem, path: string): void {
  try {
    fs.remove(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}

/** A file, if it is there. */
export function readIfThere(fs: FileSystem, path: string): Uint8Array | undefined {
  try {
    return fs.read(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

/** Whether there is such a folder. */
export function isThere(fs: FileSystem, folder: string): boolean {
  try {
    fs.list(folder)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
}

/** For what tidies up after a failure that is reported: it must not hide that one by another. */
export function tryTo(act: () => void): void {
  try {
    act()
  } catch {
    // The failure before this one is the one to report.
  }
}
