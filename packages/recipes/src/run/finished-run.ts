import { invalidData } from '@posttrain/core'
import type { FileSystem } from '../files/file-system.js'
import { isLock, lockFolder, unlockFolder } from '../files/folder-lock.js'
import { readManifest } from '../files/manifest.js'
import type { Processes } from '../files/processes.js'
import { removeTree, tryTo } from '../files/whole-file.js'
import type { RunConfig } from './config.js'
import { CONFIG, RESULTS, WORK } from './folder-layout.js'

/** A run that is over: its configuration and its files by name, as they were written. */
export interface FinishedRun {
  readonly config: RunConfig
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * The files of a finished run, each compared with the manifest.
 *
 * @returns undefined if the run is not finished
 * @throws PosttrainError `invalid-data`, naming the file, for damage
 */
export function readFinished(fs: FileSystem, path: string, config: RunConfig): FinishedRun | undefined {
  const files = readManifest(fs, path)
  if (!files) return undefined
  const missing = [CONFIG, ...Object.values(RESULTS)].find((name) => !files.has(name))
  if (missing !== undefined) throw invalidData(`the manifest of ${path} does not name ${missing}`, 'start a new run')
  return { config, files }
}

/** Completes the finish of a finished run, where one can: it is shown from a read-only disk too. */
export async function tidy(fs: FileSystem, path: string, processes: Processes): Promise<void> {
  if (!fs.list(path).some(({ name }) => name === WORK || isLock(name))) return
  try {
    const lock = await lockFolder(fs, path, processes)
    tryTo(() => removeTree(fs, `${path}/${WORK}`))
    unlockFolder(fs, path, lock)
  } catch {
    // Another process is at it, or nobody may write here.
  }
}

/** Refuses a folder that was finished and has lost its manifest. @throws PosttrainError `invalid-data` */
export function requireNoResults(fs: FileSystem, path: string): void {
  const names = new Set(fs.list(path).map(({ name }) => name))
  const result = Object.values(RESULTS).find((name) => names.has(name))
  if (result === undefined) return
  throw invalidData(
    `${path} has ${result}, but no manifest.json to compare it with`,
    'it was removed, or an earlier version of posttrain made this run: start a new one',
  )
}
