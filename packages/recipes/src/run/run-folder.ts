import { dirname } from 'node:path'
import { invalidData } from '@posttrain/core'
import type { FileSystem } from '../files/file-system.js'
import { lockFolder, unlockFolder } from '../files/folder-lock.js'
import { writeManifest } from '../files/manifest.js'
import { nameFile, readOrRefuse, RESTORE, sha256 } from '../files/named-file.js'
import { nodeFileSystem } from '../files/node-file-system.js'
import { nodeProcesses, type Processes } from '../files/processes.js'
import { isThere, makeFolder, removeTree, tryTo, writeWhole } from '../files/whole-file.js'
import { beginFolder } from './begin-folder.js'
import { cannotSave } from './cannot-save.js'
import { writeRunConfig, type RunConfig } from './config.js'
import { readFinished, requireNoResults, tidy, type FinishedRun } from './finished-run.js'
import { BASE, CONFIG, safe, WORK } from './folder-layout.js'
import { readConfig } from './read-config.js'
import { VariantWork, type Saving } from './variant-work.js'

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
    return new RunFolder(fs, path, config, await beginFolder(fs, path, config, base, processes))
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
    let meanwhile: FinishedRun | undefined
    try {
      lock = await lockFolder(fs, path, processes)
      meanwhile = readFinished(fs, path, config) // by the process that held it until now
      if (!meanwhile) {
        makeFolder(fs, `${path}/${WORK}`)
        return new RunFolder(fs, path, config, lock)
      }
    } catch (error) {
      if (lock !== undefined) unlockFolder(fs, path, lock)
      throw cannotSave(path, config.recipe, error)
    }
    unlockFolder(fs, path, lock)
    return meanwhile
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
