import { invalidData, quoted, shown } from '@posttrain/core'
import { integers, type Column } from '../column.js'
import type { LogFile } from '../log-file.js'
import { nameOfOption, type OptionNames } from '../option-names.js'
import type { LoggedSample } from './logged-sample.js'
import { Places } from '../places.js'
import { fingerprint } from './fingerprint.js'
import type { SampleNumber } from './sample-number.js'
import { SampleTable } from './sample-table.js'

/** A row that says which sample of its task it is. */
export interface NumberedRow {
  readonly taskId: string
  readonly number: SampleNumber
  readonly sample: LoggedSample
}

/** The samples of a log that have a number within their task: each is one sample, however often it stands there. */
export class NumberedSamples {
  readonly #optionNames: OptionNames | undefined
  readonly #table: SampleTable
  /** (samples with a number), and which of these each sample is. */
  readonly #places = new Places()
  readonly #contents = integers()
  readonly #rank = integers()
  #repeated: { readonly where: string; readonly field: string; readonly first: string } | undefined
  /** Whether a task has two numbers, so that the field does number samples. */
  #tellsApart = false

  /** @param tasks (samples): which task each is of */
  constructor(tasks: Column<Int32Array>, optionNames: OptionNames | undefined) {
    this.#table = new SampleTable(tasks)
    this.#optionNames = optionNames
  }

  get size(): number {
    return this.#contents.length
  }

  /**
   * Whether a row says again what an earlier one has said of the same sample.
   *
   * @throws PosttrainError `invalid-data` for one that says something else of it, naming both lines
   */
  repeats(task: number, { taskId, number, sample }: NumberedRow, where: string): boolean {
    const before = this.#table.find(task, number.value, where)
    if (before < 0) return false
    const rank = this.#rank.at(before)
    const first = this.#places.at(rank)
    if (this.#contents.at(rank) !== contentOf(sample, number)) {
      throw invalidData(
        `${where}: task ${quoted(taskId)} has ${shown(number.field)} ${shown(firstLine(number.value))} a second time, ` +
          `and other than in ${first}`,
        this.#wayOn(number),
      )
    }
    this.#repeated ??= number.named ? undefined : { where, field: number.field, first }
    return true
  }

  /**
   * Adds a sample.
   *
   * @param isFirst whether its task has no other yet
   */
  add(sample: number, row: NumberedRow, isFirst: boolean, file: LogFile, line: number, where: string): void {
    this.#table.add(sample, row.number.value, where)
    this.#rank.set(sample, this.#contents.length)
    this.#contents.push(contentOf(row.sample, row.number))
    this.#places.push(file, line)
    this.#tellsApart ||= !isFirst
  }

  /** @throws PosttrainError `invalid-data` where rows were taken for repeated by a field that tells no samples apart */
  requireTellsApart(): void {
    if (!this.#repeated || this.#tellsApart) return
    const { where, field, first } = this.#repeated
    const option = nameOfOption('sample', this.#optionNames)
    throw invalidData(
      `${where}: the row says the same as ${first}, and no task has two values of ${shown(field)}, so that nothing tells ` +
        'whether it is the same sample',
      `say ${option} ${shown(field)} if that numbers the samples, which then count once, or ${option} none if every row is another`,
    )
  }

  /** Sorts the samples of a task by number, where all of them have one. */
  sort(samples: Uint32Array): void {
    if (samples.length > 1 && samples.every((sample) => this.#rank.at(sample) >= 0)) {
      samples.sort((this.#comparison ??= this.#table.comparison()))
    }
  }
  #comparison: ((a: number, b: number) => number) | undefined

  #wayOn({ field, others }: SampleNumber): string {
    const name = (option: 'pool' | 'sample'): string => nameOfOption(option, this.#optionNames)
    const apart = others === '' ? 'FIELD' : others.slice(1).replace(/[=\n].*$/s, '')
    return (
      `keep one of the two rows; if they are two samples, name what tells them apart (${name('pool')} ${apart}), or say ` +
      `that ${shown(field)} numbers no samples (${name('sample')} none)`
    )
  }
}

/** What a log takes of a sample, so that rows which differ in a duration or a date alone are the same. */
function contentOf({ reward, answer, placeholder, proxy, completion }: LoggedSample, { others }: SampleNumber): number {
  const numbers = fingerprint(`${reward} ${proxy} ${placeholder} ${answer === undefined} ${completion === undefined}`)
  return fingerprint(completion ?? '', fingerprint(answer ?? '', fingerprint(others, numbers)))
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!
