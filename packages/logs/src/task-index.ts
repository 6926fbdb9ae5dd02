import { invalidData, quoted, shown } from '@posttrain/core'
import { floats, integers } from './column.js'
import { fingerprint } from './fields/fingerprint.js'
import { TaskFact } from './fields/task-fact.js'
import type { LogFile } from './log-file.js'
import { Numbering } from './numbering.js'
import { nameOfOption, type OptionNames } from './option-names.js'
import type { LogRow } from './parse-row.js'
import { Places } from './places.js'

const SHAPES: readonly LogRow['shape'][] = ['sample', 'group', 'counts']
const NAMES = { sample: 'one sample', group: 'all samples of the task', counts: 'counts' }

/** What a log says of a task beside its samples. */
export interface TaskFacts {
  readonly cluster?: string | undefined
  readonly tag?: string | undefined
  readonly weight?: number | undefined
}
const NO_FACTS: TaskFacts = {}

/** The tasks of a log by id, with where each was first seen: refuses rows that contradict one another. */
export class TaskIndex {
  readonly #optionNames: OptionNames | undefined
  readonly #numbers = new Numbering('tasks')
  readonly #references = new Map<number, string>()
  readonly #places = new Places()
  readonly #shape = integers()
  readonly #question = integers()
  readonly #weight = floats()
  readonly #cluster = new TaskFact('clusters')
  readonly #tag = new TaskFact('tags')
  #hasFacts = false

  constructor(optionNames?: OptionNames) {
    this.#optionNames = optionNames
  }

  get size(): number {
    return this.#numbers.size
  }

  /** Ids in the order in which they were first seen. */
  ids(): IterableIterator<string> {
    return this.#numbers.names()
  }

  /** Whether there is a task of this id. */
  has(id: string): boolean {
    return this.find(id) !== undefined
  }

  /** The number of the task of this id. */
  find(id: string): number | undefined {
    return this.#numbers.get(id)
  }

  /** Right answer of a task, as JSON, where the log has it. */
  referenceOf(id: string): string | undefined {
    return this.#references.get(this.#numbers.get(id) ?? -1)
  }

  /** What the log says of a task, where it was asked for. */
  factsOf(id: string): TaskFacts {
    if (!this.#hasFacts) return NO_FACTS
    const task = this.#numbers.get(id) ?? -1
    const weight = this.#weight.at(task)
    return {
      cluster: this.#cluster.textOf(task),
      tag: this.#tag.textOf(task),
      weight: Number.isNaN(weight) ? undefined : weight,
    }
  }

  /**
   * The number of a row's task, from 0 in order of first appearance.
   *
   * @param where the row's file and line
   * @throws PosttrainError `invalid-data` for a task in two shapes, a second row of one that has but one, or rows that
   *   say different things of it
   */
  numberOf(row: LogRow, file: LogFile, number: number, where: string): number {
    const { taskId, shape } = row
    const known = this.#numbers.get(taskId)
    const task = known ?? this.#begin(taskId, shape, file, number, where)
    if (known !== undefined) {
      const before = SHAPES[this.#shape.at(task)]!
      if (before !== shape) {
        throw this.#contradiction(
          row,
          where,
          `has ${NAMES[shape]} here and ${NAMES[before]} before`,
          'log a task in one shape',
        )
      }
      if (shape !== 'sample') {
        throw this.#contradiction(
          row,
          where,
          `is given twice, each time with ${NAMES[shape]}`,
          'keep one of the two rows',
        )
      }
    }
    this.#agree(task, row, where)
    return task
  }

  #begin(id: string, shape: LogRow['shape'], file: LogFile, number: number, where: string): number {
    const task = this.#numbers.add(id, where)
    this.#places.push(file, number)
    this.#shape.push(SHAPES.indexOf(shape))
    return task
  }

  /** Takes what a row says of its task, which is what rows before have said. */
  #agree(task: number, row: LogRow, where: string): void {
    const { reference, question, cluster, tag, weight } = row
    if (reference !== undefined) {
      const before = this.#references.get(task)
      if (before === undefined) this.#references.set(task, reference)
      else if (before !== reference) throw this.#differ(row, where, 'reference', reference, before)
    }
    if (question !== undefined) this.#agreeOnQuestion(task, row, question, where)
    if (cluster !== undefined) {
      const before = this.#cluster.contradiction(task, cluster, where)
      if (before !== undefined) throw this.#differ(row, where, 'cluster', cluster, before)
    }
    if (tag !== undefined) {
      const before = this.#tag.contradiction(task, tag, where)
      if (before !== undefined) throw this.#differ(row, where, 'tag', tag, before)
    }
    if (weight !== undefined) {
      const before = this.#weight.at(task)
      if (Number.isNaN(before)) this.#weight.set(task, weight)
      else if (before !== weight) throw this.#differ(row, where, 'weight', String(weight), String(before))
    }
    this.#hasFacts ||= cluster !== undefined || tag !== undefined || weight !== undefined
  }

  #agreeOnQuestion(task: number, row: LogRow, { field, text }: NonNullable<LogRow['question']>, where: string): void {
    const [asked, before] = [fingerprint(text), this.#question.at(task)]
    if (before < 0) this.#question.set(task, asked)
    if (before < 0 || before === asked) return
    const pool = `pool them with ${nameOfOption('pool', this.#optionNames)} ${field}`
    const hint = `give different tasks different ids, or ${pool}`
    throw this.#contradiction(row, where, `has another ${field} here than before`, hint)
  }

  #differ(row: LogRow, where: string, name: string, here: string, before: string): Error {
    const what = `has the ${name} ${shown(here)} here and ${shown(before)} before`
    return this.#contradiction(row, where, what, 'give different tasks different ids')
  }

  #contradiction({ taskId }: LogRow, where: string, what: string, hint: string): Error {
    const first = this.#places.at(this.#numbers.get(taskId)!)
    return invalidData(`${where}: task ${quoted(taskId)} ${what}; first seen in ${first}`, hint)
  }
}
