import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { machineFailed, shown, systemReason } from '@posttrain/core'
import { partialBeside, writable } from './output-file.js'

/** Characters that are held before they are written. */
const BLOCK = 2 ** 20

/** A file of lines that is tried at the beginning, written beside its place as lines come, and put there at the end. */
export class RowFile {
  readonly #file: string
  readonly #option: string
  readonly #target: string
  readonly #partial: string
  readonly #descriptor: number
  #held = ''

  /**
   * @param file where it is wanted; one that is there is replaced
   * @param option of the command that named it
   * @throws PosttrainError `invalid-argument` for what cannot be written to
   */
  constructor(file: string, option: string) {
    this.#file = file
    this.#option = option
    this.#target = writable(file, `choose another ${option}`)
    this.#partial = partialBeside(this.#target)
    this.#descriptor = this.#trying(() => openSync(this.#partial, 'wx'))
  }

  /** @throws PosttrainError `machine-failed` where the disk does not do its part */
  add(line: string): void {
    this.#held += `${line}\n`
    if (this.#held.length >= BLOCK) this.#write()
  }

  /** Puts the file in its place. */
  finish(): void {
    this.#write()
    this.#trying(() => {
      fsyncSync(this.#descriptor)
      closeSync(this.#descriptor)
      renameSync(this.#partial, this.#target)
    })
  }

  /** Leaves nothing, after a failure. */
  discard(): void {
    try {
      closeSync(this.#descriptor)
    } catch {
      // It is closed already.
    }
    rmSync(this.#partial, { force: true })
  }

  #write(): void {
    const bytes = Buffer.from(this.#held)
    this.#held = ''
    this.#trying(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at)
    })
  }

  #trying<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw machineFailed(
        `cannot write ${shown(this.#file)}: ${systemReason(error)}`,
        `choose another ${this.#option}`,
        error,
      )
    }
  }
}
