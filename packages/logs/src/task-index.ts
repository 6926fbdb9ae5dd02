import { invalidData, quoted, shown } from '@posttrain/core'
import { integers } from './column.js'
import { Numbering } from './numbering.js'
import { placeOf, type LogFile } from './log-file.js'
import type { LogRow } from './parse-row.js'

const SHAPES: readonly LogRow['shape'][] = ['sample', 'group', 'counts']
const NAMES = { sample: 'one sample', group: 'all samples of the task', counts: 'counts' }

/** The tasks of a log by id, with where each was first seen: refuses rows that contradict one another. */
export class TaskIndex {
  readonly #numbers = new Numbering('tasks')
  readonly #references = new Map<number, string>()
  readonly #files: LogFile[] = []
  readonly #file = integers()
  readonly #number = integers()
  readonly #shape = integers()

  get size(): number {
    return this.#numbers.size
  }

  /** Ids in the order in which they were first seen. */
  ids(): IterableIterator<string> {
    return this.#numbers.names()
  }

  /** Right answer of a task, as JSON, where the log has it. */
  referenceOf(id: string): string | undefined {
    return this.#references.get(this.#numbers.get(id) ?? -1)
  }

  /**
   * The number of a row's task, from 0 in order of first appearance.
   *
   * @throws PosttrainError `invalid-data` for a task in two shapes, a second row of one that has but one, or another
   *   reference
   */
  numberOf({ taskId, shape, reference }: LogRow, file: LogFile, number: number): number {
    const known = this.#numbers.get(taskId)
    const task = known ?? this.#begin(taskId, shape, file, number)
    const refuse = (what: string, hint: string): never => {
      const first = placeOf(this.#files[this.#file.at(task)]!, this.#number.at(task))
      throw invalidData(`${placeOf(file, number)}: task ${quoted(taskId)} ${what}; first seen in ${first}`, hint)
    }
    if (known !== undefined) {
      const before = SHAPES[this.#shape.at(task)]!
      if (before !== shape) refuse(`has ${NAMES[shape]} here and ${NAMES[before]} before`, 'log a task in one shape')
      if (shape !== 'sample') refuse(`is given twice, each time with ${NAMES[shape]}`, 'keep one of the two rows')
    }
    if (reference !== undefined) {
      const before = this.#references.get(task)
      if (before === undefined) this.#references.set(task, reference)
      else if (before !== reference) {
        refuse(
          `has the reference ${shown(reference)} here and ${shown(before)} before`,
          'give different tasks different ids',
        )
      }
    }
    return task
  }

  #begin(id: string, shape: LogRow['shape'], file: LogFile, number: number): number {
    const task = this.#numbers.add(id, placeOf(file, number))
    if (this.#files.at(-1) !== file) this.#files.push(file)
    this.#file.push(this.#files.length - 1)
    this.#number.push(number)
    this.#shape.push(SHAPES.indexOf(shape))
    return task
  }
}
