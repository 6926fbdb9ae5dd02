import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { machineFailed, shown, systemReason } from '@posttrain/core'
import { writable } from './output-file.js'

/** Characters that are held before they are written, and the time after which they are all the same, in ms. */
const BLOCK = 2 ** 16
const LONGEST_HELD = 1_000
const READ = 2 ** 16
const NEWLINE = 0x0a

/**
 * A file of lines that is written beside its place and put there at the end. What a command that was stopped or killed
 * had written stays, and the same command goes on behind it.
 */
export class ResumableFile {
  /** Where lines are before they are all there: `OUT.KEY.part`. */
  readonly partial: string
  readonly #file: string
  readonly #target: string
  readonly #descriptor: number
  #position = 0
  #held = ''
  #since = Date.now()

  /**
   * @param file where it is wanted; one that is there is replaced
   * @param made what the lines are made of: those of anything else are not gone on with
   * @throws PosttrainError `invalid-argument` for what cannot be written to
   */
  constructor(file: string, made: readonly unknown[]) {
    this.#file = file
    this.#target = writable(file, 'choose another --out')
    const key = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 8)
    this.partial = `${this.#target}.${key}.part`
    this.#descriptor = this.#trying(() => openSync(this.partial, 'a+'))
  }

  /** What commands that were otherwise left beside it. */
  others(): readonly string[] {
    const folder = dirname(this.#target)
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${basename(this.#target)}.`) && /\.[0-9a-f]{8}\.part$/.test(name))
      .map((name) => join(folder, name))
      .filter((path) => basename(path) !== basename(this.partial))
  }

  /** The whole lines that are there already; one that was cut off goes. To be read to the end before any is added. */
  *lines(): Generator<string> {
    const block = Buffer.alloc(READ)
    let rest = Buffer.alloc(0)
    for (let at = 0; ;) {
      const count = this.#trying(() => readSync(this.#descriptor, block, 0, READ, at))
      if (count === 0) break
      at += count
      rest = Buffer.concat([rest, block.subarray(0, count)])
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        const line = rest.subarray(0, end).toString('utf8')
        rest = rest.subarray(end + 1)
        this.#position += end + 1
        yield line
      }
    }
    this.#trying(() => ftruncateSync(this.#descriptor, this.#position))
  }

  /** @throws PosttrainError `machine-failed` where the disk does not do its part */
  add(line: string): void {
    this.#held += `${line}\n`
    if (this.#held.length >= BLOCK || Date.now() - this.#since >= LONGEST_HELD) this.#write()
  }

  /** Puts the file in its place. */
  finish(): void {
    this.#write()
    this.#trying(() => {
      fsyncSync(this.#descriptor)
      renameSync(this.partial, this.#target)
    })
    closeSync(this.#descriptor)
  }

  /** Keeps what there is for the next time, after a failure. @returns whether there is anything */
  keep(): boolean {
    try {
      this.#write()
      if (fstatSync(this.#descriptor).size > 0) return true
      rmSync(this.partial)
      return false
    } finally {
      closeSync(this.#descriptor)
    }
  }

  /** Leaves nothing for the next time. */
  discard(): void {
    closeSync(this.#descriptor)
    rmSync(this.partial)
  }

  #write(): void {
    const bytes = Buffer.from(this.#held)
    this.#held = ''
    this.#since = Date.now()
    this.#trying(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at)
    })
    this.#position += bytes.length
  }

  #trying<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw machineFailed(`cannot write ${shown(this.#file)}: ${systemReason(error)}`, 'choose another --out', error)
    }
  }
}
