import { invalidArgument } from '@posttrain/core'
import { fingerprint } from './fields/fingerprint.js'
import { nameOfOption, type OptionNames } from './option-names.js'
import type { LogRow } from './parse-row.js'

/** What a source was seen to hold. */
interface Seen {
  readonly name: string
  readonly samples: number
  readonly first: number
  readonly second: number
}

/** Samples from which on two sources that say the same are taken for one: less may be the same by chance. */
const FEWEST = 2

/**
 * Sources whose samples have no number, so that nothing but their content tells a copy of one from another run. Two
 * that say the same of the same tasks, in whatever order, are refused.
 */
export class CopiedSources {
  readonly #optionNames: OptionNames | undefined
  readonly #seen: Seen[] = []
  #samples = 0
  #toldApart = false
  // Sums of two fingerprints of 31 bits, modulo 2³²: the order of rows does not matter, and chance is out of question.
  #first = 0
  #second = 0

  constructor(optionNames: OptionNames | undefined) {
    this.#optionNames = optionNames
  }

  /**
   * Takes a row of the source that is read.
   *
   * @param group what tells rows of different groups and runs apart
   */
  add(row: LogRow, group: readonly (string | undefined)[]): void {
    // Rows of whole tasks, and samples with a number, are told apart by what they say.
    if (row.shape !== 'sample' || row.number !== undefined) {
      this.#toldApart = true
      return
    }
    this.#samples++
    const said = JSON.stringify([group, row.taskId, row.samples])
    this.#first = (this.#first + fingerprint(said)) | 0
    this.#second = (this.#second + fingerprint(said, 1)) | 0
  }

  /** @throws PosttrainError `invalid-argument` where the source that was read says what one before it has said */
  end(name: string): void {
    const source = { name, samples: this.#samples, first: this.#first, second: this.#second }
    const known = !this.#toldApart && source.samples >= FEWEST
    ;[this.#samples, this.#toldApart, this.#first, this.#second] = [0, false, 0, 0]
    if (!known) return
    const same = this.#seen.find((one) => {
      return one.samples === source.samples && one.first === source.first && one.second === source.second
    })
    if (!same) {
      this.#seen.push(source)
      return
    }
    throw invalidArgument(
      `${name} says the same of the same ${source.samples} samples as ${same.name}, which would count double`,
      `leave one of the two out; if they are two runs, say so with ${nameOfOption('sample', this.#optionNames)} none`,
    )
  }
}
