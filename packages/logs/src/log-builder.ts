import { requireOneOf } from '@posttrain/core'
import { floats, integers } from './column.js'
import type { FieldNames } from './fields/field-names.js'
import { NumberedSamples } from './fields/numbered-samples.js'
import { placeOf, type LogFile } from './log-file.js'
import type { LogColumns } from './log-columns.js'
import type { LogTotals } from './log-totals.js'
import { Numbering } from './numbering.js'
import type { OptionNames } from './option-names.js'
import type { LogRow } from './parse-row.js'
import type { LoggedSample } from './fields/logged-sample.js'
import { stopAtFirstPass, type DrawnSamples, type LogStopping } from './stopping.js'
import { TaskCosts } from './task-costs.js'
import { TaskIndex } from './task-index.js'
import { TaskLog } from './task-log.js'

/** What is made of the rows. */
export interface LogBuilderOptions {
  /** False: nobody will vote, so that long answers need no room (default true). */
  readonly keepAnswers?: boolean | undefined
  /** True: what each sample cost is kept, not only what those of a task cost together (default false). */
  readonly keepCosts?: boolean | undefined
  /** Why tasks have so many samples (default `auto`). */
  readonly stopping?: LogStopping | undefined
  /** Which fields the costs of its samples are. */
  readonly fields?: Pick<FieldNames, 'cost'> | undefined
  /** What hints call the options. */
  readonly optionNames?: OptionNames | undefined
}

type SamplesByTask = Pick<LogColumns, 'order' | 'starts'>

/** Makes a log of rows, as they are read. */
export class LogBuilder {
  readonly #index: TaskIndex
  readonly #totals: { -readonly [K in keyof LogTotals]: LogTotals[K] }
  readonly #answerNumbers = new Numbering('answers')
  readonly #task = integers()
  readonly #numbered: NumberedSamples
  readonly #columns = { n: floats(), c: floats(), reward: floats(), proxy: floats(), answer: integers() }

  readonly #costs: TaskCosts

  readonly #stopping: LogStopping
  readonly #optionNames: OptionNames | undefined

  constructor({ keepAnswers = true, keepCosts, stopping = 'auto', fields, optionNames }: LogBuilderOptions = {}) {
    this.#costs = new TaskCosts(fields?.cost ?? [], keepCosts)
    requireOneOf('stopping', stopping, ['auto', 'fixed', 'first-pass'])
    this.#stopping = stopping
    this.#optionNames = optionNames
    this.#index = new TaskIndex(optionNames)
    this.#numbered = new NumberedSamples(this.#task, optionNames)
    this.#totals = {
      samples: 0,
      absent: 0,
      unscored: 0,
      firstUnscored: undefined,
      repeated: 0,
      firstRepeated: undefined,
      answered: 0,
      placeholders: 0,
      proxied: 0,
      keepsAnswers: keepAnswers,
      binary: true,
      withinUnit: true,
      stoppedAt: undefined,
    }
  }

  /**
   * Takes a row.
   *
   * @returns false for a row that says again what one before has said of the same sample
   * @throws PosttrainError `invalid-data` for a row that contradicts an earlier one
   */
  add(row: LogRow, file: LogFile, line: number): boolean {
    const where = placeOf(file, line)
    const tasks = this.#index.size
    const task = this.#index.numberOf(row, file, line, where)
    if (row.shape === 'counts') {
      this.#totals.samples += row.n
      this.#columns.n.set(task, row.n)
      this.#columns.c.set(task, row.c)
      return true
    }
    if (row.shape === 'sample' && row.number !== undefined) {
      const numbered = { taskId: row.taskId, number: row.number, sample: row.samples[0] }
      if (this.#numbered.repeats(task, numbered, where)) {
        this.#totals.repeated++
        this.#totals.firstRepeated ??= where
        return false
      }
      const sample = this.#task.length
      this.#add(task, row.samples[0], where)
      this.#numbered.add(sample, numbered, this.#index.size > tasks, file, line, where)
      return true
    }
    for (const sample of row.samples) this.#add(task, sample, where)
    return true
  }

  #add(task: number, { reward, answer, placeholder, proxy, costs }: LoggedSample, where: string): void {
    const totals = this.#totals
    const columns = this.#columns
    const sample = this.#task.length
    this.#task.push(task)
    totals.samples++
    if (reward === undefined) {
      totals.unscored++
      totals.firstUnscored ??= where
    } else {
      totals.binary &&= reward === 0 || reward === 1
      totals.withinUnit &&= reward >= 0 && reward <= 1
      columns.reward.set(sample, reward)
    }
    if (placeholder) totals.placeholders++
    if (answer !== undefined) {
      totals.answered++
      if (totals.keepsAnswers) {
        columns.answer.set(sample, this.#answerNumbers.get(answer) ?? this.#answerNumbers.add(answer, where))
      }
    }
    if (proxy !== undefined) {
      totals.proxied++
      columns.proxy.set(sample, proxy)
    }
    if (costs !== undefined) this.#costs.add(task, sample, costs)
  }

  /** Whether some sample has a number in a field of costs. */
  hasCost(field: string): boolean {
    return this.#costs.has(field)
  }

  /**
   * The log of the rows that were added; none can be added after.
   *
   * @throws PosttrainError `invalid-data` where nothing tells whether rows are the same sample
   */
  finish(): TaskLog {
    this.#numbered.requireTellsApart()
    const answerKeys = [...this.#answerNumbers.names()]
    const byTask = this.#byTask()
    const drawn = this.#totals.binary ? this.#drawn(byTask) : []
    this.#totals.stoppedAt = stopAtFirstPass(drawn, this.#stopping, this.#optionNames)
    return new TaskLog(this.#index, this.#totals, { ...this.#columns, costs: this.#costs, answerKeys, ...byTask })
  }

  *#drawn({ order, starts }: SamplesByTask): Generator<DrawnSamples, void> {
    const { n, c, reward } = this.#columns
    for (let task = 0; task < this.#index.size; task++) {
      const counted = n.at(task)
      if (!Number.isNaN(counted)) {
        yield { n: counted, c: c.at(task), first: undefined }
        continue
      }
      const [start, end] = [starts[task]!, starts[task + 1]!]
      let [correct, first] = [0, Infinity]
      for (let i = start; i < end; i++) {
        if (reward.at(order[i]!) === 1 && ++correct === 1) first = i - start + 1
      }
      yield { n: end - start, c: correct, first }
    }
  }

  /**
   * A counting sort of the samples by task, which keeps the order within a task; numbered samples are in the order of
   * their numbers, wherever their rows stand.
   */
  #byTask(): SamplesByTask {
    const starts = new Uint32Array(this.#index.size + 1)
    for (let i = 0; i < this.#task.length; i++) starts[this.#task.at(i) + 1]!++
    for (let task = 0; task < this.#index.size; task++) starts[task + 1]! += starts[task]!
    const next = starts.slice()
    const order = new Uint32Array(this.#task.length)
    for (let i = 0; i < this.#task.length; i++) order[next[this.#task.at(i)]!++] = i
    if (this.#numbered.size > 0) {
      for (let task = 0; task < this.#index.size; task++) {
        this.#numbered.sort(order.subarray(starts[task], starts[task + 1]))
      }
    }
    return { order, starts }
  }
}
