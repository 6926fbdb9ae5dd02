import { dirname } from 'node:path'
import { invalidArgument, invalidData, type PosttrainError, systemCode, systemReason } from '@posttrain/core'
import type { Entry, FileSystem } from '../files/file-system.js'
import { isLock, lockFolder, unlockFolder } from '../files/folder-lock.js'
import { readManifest, writeManifest } from '../files/manifest.js'
import { nameFile, readOrRefuse, RESTORE, sha256 } from '../files/named-file.js'
import { nodeFileSystem } from '../files/node-file-system.js'
import { nodeProcesses, type Processes } from '../files/processes.js'
import { isThere, makeFolder, makeFolders, partialOf, removeFolders } from '../files/whole-file.js'
import { removeIfThere, removeTree, tryTo, writeWhole } from '../files/whole-file.js'
import { readRunConfig, writeRunConfig, type RunConfig } from './config.js'
import { cannotSave } from './cannot-save.js'
import { VariantWork, type Saving } from './variant-work.js'

const CONFIG = 'config.json'
const WORK = 'work'
/** The checkpoint that all variants start from. */
const BASE = 'checkpoint.safetensors'

/** A file name for a variant: `pass@8` is fine everywhere, `reinforce++` is not. */
const safe = (variant: string): string => variant.replaceAll(/[^\w@.-]/g, '_')

/** Where the result of a run has the checkpoint of a variant. */
export const checkpointOf = (variant: string): string => `checkpoints/${safe(variant)}.safetensors`

/** Files of the result, beside checkpoints, that only a finished run has. */
export const RESULTS = { samples: 'samples.jsonl', metrics: 'metrics.jsonl', report: 'report.html' } as const

/** A run that is over: its configuration and its files by name, as they were written. */
export interface FinishedRun {
  readonly config: RunConfig
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** On what a folder lies, and who may hold it. */
export interface Machine {
  readonly fs: FileSystem
  readonly processes: Processes
}

const thisMachine: Machine = { fs: nodeFileSystem, processes: nodeProcesses }

/**
 * The folder of a run that is not finished, held by this process. Two renames decide what a folder is: that of
 * `config.json`, from which on it is a run and can be continued, and that of `manifest.json`, from which on the run is
 * finished and the manifest names all its files. Between them everything new is in `work`.
 */
export class RunFolder {
  readonly #fs: FileSystem

  private constructor(
    fs: FileSystem,
    readonly path: string,
    readonly config: RunConfig,
    /** Name of the lock by which this process holds the folder. */
    readonly lock: string,
  ) {
    this.#fs = fs
  }

  /**
   * Makes the folder of a new run, by all that a run will ask of it.
   *
   * @throws PosttrainError `invalid-argument` if it is not empty, in use, or cannot be written; nothing is left then
   */
  static async create(
    path: string,
    config: RunConfig,
    base: Uint8Array,
    { fs, processes }: Machine = thisMachine,
  ): Promise<RunFolder> {
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
      return new RunFolder(fs, path, config, lock)
    } catch (error) {
      removeFolders(fs, made)
      if (systemCode(error) === undefined) throw error
      throw invalidArgument(`cannot write to ${path}: ${systemReason(error)}`, 'choose another --out')
    }
  }

  /**
   * Makes the first of `<root>/<recipe>-1`, `-2`, … that does not exist.
   *
   * @throws PosttrainError `invalid-argument` if it cannot be written
   */
  static async createNext(
    root: string,
    config: RunConfig,
    base: Uint8Array,
    machine: Machine = thisMachine,
  ): Promise<RunFolder> {
    for (let i = 1; ; i++) {
      const path = `${root}/${config.recipe}-${i}`
      if (isThere(machine.fs, path)) continue
      try {
        return await RunFolder.create(path, config, base, machine)
      } catch (error) {
        if (!isThere(machine.fs, path)) throw error // else another process was faster
      }
    }
  }

  /**
   * Opens the folder of an earlier run. What its finish left to be removed is removed.
   *
   * @returns the run's files if it is finished
   * @throws PosttrainError `invalid-data` for what is no run or is damaged, `invalid-argument` if it is in use
   */
  static async open(path: string, { fs, processes }: Machine = thisMachine): Promise<RunFolder | FinishedRun> {
    const config = readConfig(fs, path)
    const finished = readFinished(fs, path, config)
    if (finished) {
      await tidy(fs, path, processes)
      return finished
    }
    if (!isThere(fs, `${path}/${WORK}`)) requireNoResults(fs, path)
    let lock: string | undefined
    try {
      lock = await lockFolder(fs, path, processes)
      makeFolder(fs, `${path}/${WORK}`)
    } catch (error) {
      if (lock !== undefined) unlockFolder(fs, path, lock)
      throw cannotSave(path, config.recipe, error)
    }
    const folder = new RunFolder(fs, path, config, lock)
    const meanwhile = readFinished(fs, path, config) // by the process that held it until now
    if (meanwhile) folder.release()
    return meanwhile ?? folder
  }

  /** The folder, in another thread of the process that holds it. */
  static held = (path: string, config: RunConfig, lock: string): RunFolder =>
    new RunFolder(nodeFileSystem, path, config, lock)

  /** What there is of a variant. @throws PosttrainError `invalid-data` for damage that a run cannot heal */
  workOf(variant: string): VariantWork {
    const config = sha256(writeRunConfig(this.config))
    return VariantWork.open(this.#fs, `${this.path}/${WORK}/${safe(variant)}`, config, this.#saving)
  }

  /**
   * The checkpoint that all variants start from.
   *
   * @throws PosttrainError `invalid-data` if it is not there or is another
   */
  readBase(): Uint8Array {
    const file = `${this.path}/${WORK}/${BASE}`
    const base = readOrRefuse(this.#fs, file, CONFIG)
    if (sha256(base) === this.config.checkpoint) return base
    throw invalidData(`${file} is damaged: it is not the checkpoint that ${CONFIG} names`, RESTORE)
  }

  writeBase(base: Uint8Array): void {
    this.#saving(() => writeWhole(this.#fs, `${this.path}/${WORK}/${BASE}`, base))
  }

  /** Writes the result, by name, and ends the run. What is not of the result is removed, if need be by `open`. */
  finish(result: ReadonlyMap<string, Uint8Array>): void {
    const config = encode(writeRunConfig(this.config))
    this.#saving(() => {
      for (const [name, content] of result) {
        if (name.includes('/')) makeFolder(this.#fs, dirname(`${this.path}/${name}`))
        writeWhole(this.#fs, `${this.path}/${name}`, content)
      }
      const files = [[CONFIG, config] as const, ...result].map(([name, content]) => nameFile(name, content))
      writeManifest(this.#fs, this.path, files)
    })
    tryTo(() => removeTree(this.#fs, `${this.path}/${WORK}`))
  }

  /** Gives the folder back. */
  release(): void {
    unlockFolder(this.#fs, this.path, this.lock)
  }

  readonly #saving: Saving = (act) => {
    try {
      this.#fs.read(`${this.path}/${this.lock}`) // who removed or moved the folder took the lock with it
      return act()
    } catch (error) {
      throw cannotSave(this.path, this.config.recipe, error)
    }
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function readConfig(fs: FileSystem, path: string): RunConfig {
  const file = `${path}/${CONFIG}`
  let content: Uint8Array
  try {
    content = fs.read(file)
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR'
    throw missing
      ? invalidData(`${path} is no run folder: it has no ${CONFIG}`, 'give --resume the folder of an earlier run')
      : invalidData(`cannot read ${file}: ${systemReason(error)}`, 'give --resume a folder that can be read', error)
  }
  return readRunConfig(new TextDecoder().decode(content), file)
}

function readFinished(fs: FileSystem, path: string, config: RunConfig): FinishedRun | undefined {
  const files = readManifest(fs, path)
  if (!files) return undefined
  const missing = [CONFIG, ...Object.values(RESULTS)].find((name) => !files.has(name))
  if (missing !== undefined) throw invalidData(`the manifest of ${path} does not name ${missing}`, 'start a new run')
  return { config, files }
}

/** Completes the finish of a finished run, where one can: it is shown from a read-only disk too. */
async function tidy(fs: FileSystem, path: string, processes: Processes): Promise<void> {
  if (!fs.list(path).some(({ name }) => name === WORK || isLock(name))) return
  try {
    const lock = await lockFolder(fs, path, processes)
    tryTo(() => removeTree(fs, `${path}/${WORK}`))
    unlockFolder(fs, path, lock)
  } catch {
    // Another process is at it, or nobody may write here.
  }
}

function requireNoResults(fs: FileSystem, path: string): void {
  const names = new Set(fs.list(path).map(({ name }) => name))
  const result = Object.values(RESULTS).find((name) => names.has(name))
  if (result === undefined) return
  throw invalidData(
    `${path} has ${result}, but no manifest.json to compare it with`,
    'it was removed, or an earlier version of posttrain made this run: start a new one',
  )
}

/** Writes what makes a folder a run, or nothing. */
function fill(fs: FileSystem, path: string, config: RunConfig, base: Uint8Array): void {
  try {
    makeFolder(fs, `${path}/${WORK}`)
    writeWhole(fs, `${path}/${WORK}/${BASE}`, base)
    writeWhole(fs, `${path}/${CONFIG}`, encode(writeRunConfig(config)))
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
