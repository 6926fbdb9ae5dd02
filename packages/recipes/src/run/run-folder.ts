import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { invalidArgument, invalidData } from '@posttrain/core'
import { parseRunConfig, type RunConfig } from './config.js'

/** A file name for a variant: `pass@8` is fine everywhere, `reinforce++` is not. */
const safe = (variant: string): string => variant.replaceAll(/[^\w@.-]/g, '_')

/**
 * Where a run keeps what it has. Everything but `work`, which exists only while the run is unfinished, is its result.
 */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes a new run's folder.
   *
   * @throws PosttrainError `invalid-argument` if it exists and is not empty, or cannot be written; nothing is left then
   */
  static create(path: string, config: RunConfig): RunFolder {
    if (existsSync(path) && isOccupied(path)) {
      throw invalidArgument(
        `${path} exists and is not an empty folder`,
        'choose another --out, or continue it with --resume',
      )
    }
    const existed = existsSync(path)
    try {
      mkdirSync(join(path, 'work'), { recursive: true })
      const folder = new RunFolder(path)
      folder.write('config.json', JSON.stringify(config, null, 2) + '\n')
      return folder
    } catch (error) {
      if (!existed && existsSync(path)) rmSync(path, { recursive: true, force: true })
      throw invalidArgument(`cannot write to ${path}: ${(error as Error).message}`, 'choose another --out')
    }
  }

  /** A folder that another thread has made or opened. */
  static at = (path: string): RunFolder => new RunFolder(path)

  /** @throws PosttrainError `invalid-data` if there is no readable configuration */
  static open(path: string): { folder: RunFolder; config: RunConfig } {
    const file = join(path, 'config.json')
    if (!existsSync(file)) {
      throw invalidData(`${path} is no run folder: it has no config.json`, 'give --resume the folder of an earlier run')
    }
    return { folder: new RunFolder(path), config: parseRunConfig(readFileSync(file, 'utf8'), file) }
  }

  get isFinished(): boolean {
    return existsSync(join(this.path, 'report.html')) && !existsSync(join(this.path, 'work'))
  }

  /** Removes the intermediate files of a finished run. */
  finish(): void {
    rmSync(join(this.path, 'work'), { recursive: true, force: true })
  }

  /** Writes a whole file or nothing: under another name first, then renamed. */
  write(name: string, content: string | Uint8Array): void {
    const target = join(this.path, name)
    mkdirSync(dirname(target), { recursive: true })
    const partial = `${target}.${randomBytes(4).toString('hex')}.partial`
    try {
      writeFileSync(partial, content)
      renameSync(partial, target)
    } catch (error) {
      rmSync(partial, { force: true })
      throw error
    }
  }

  /** A text file, or undefined if there is none. */
  readText(name: string): string | undefined {
    const file = join(this.path, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined
  }

  /** @throws PosttrainError `invalid-data` if it cannot be read */
  readFile(name: string): Uint8Array {
    try {
      return readFileSync(join(this.path, name))
    } catch (error) {
      throw invalidData(`cannot read ${name} of ${this.path}: ${(error as Error).message}`, 'start a new run')
    }
  }

  readonly metricsOf = (variant: string): string => `work/${safe(variant)}.metrics.jsonl`
  readonly rewardsOf = (variant: string): string => `work/${safe(variant)}.rewards.json`
  readonly samplesOf = (variant: string): string => `work/${safe(variant)}.samples.jsonl`
  readonly checkpointOf = (variant: string): string => `checkpoints/${safe(variant)}.safetensors`

  /** Training state after `step` steps: weights and optimizer, so that training continues exactly. */
  writeState(variant: string, step: number, file: Uint8Array): void {
    const earlier = this.#states(variant)
    this.write(`work/${safe(variant)}.step-${step}.safetensors`, file)
    for (const state of earlier) if (state.step !== step) rmSync(join(this.path, 'work', state.name))
  }

  /** The latest training state, if there is one. */
  readState(variant: string): { step: number; file: Uint8Array; name: string } | undefined {
    const latest = this.#states(variant).at(-1)
    if (!latest) return undefined
    const name = join(this.path, 'work', latest.name)
    return { step: latest.step, file: readFileSync(name), name }
  }

  #states(variant: string): { step: number; name: string }[] {
    const work = join(this.path, 'work')
    if (!existsSync(work)) return []
    const prefix = `${safe(variant)}.step-`
    return readdirSync(work)
      .filter((name) => name.startsWith(prefix) && name.endsWith('.safetensors'))
      .map((name) => ({ name, step: Number.parseInt(name.slice(prefix.length), 10) }))
      .sort((a, b) => a.step - b.step)
  }
}

function isOccupied(path: string): boolean {
  try {
    return readdirSync(path).length > 0
  } catch {
    return true // a file
  }
}

/** The first of `<root>/<name>-1`, `-2`, … that does not exist. */
export function nextRunPath(root: string, name: string): string {
  for (let i = 1; ; i++) {
    const path = join(root, `${name}-${i}`)
    if (!existsSync(path)) return path
  }
}
