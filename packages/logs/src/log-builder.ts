import { floats, integers } from './column.js'
import { Numbering } from './numbering.js'
import { placeOf, type LogFile } from './log-file.js'
import type { LogRow } from './parse-row.js'
import { TaskIndex } from './task-index.js'
import { TaskLog, type LogTotals } from './task-log.js'

/** Makes a log of rows, as they are read. */
export class LogBuilder {
  readonly #index = new TaskIndex()
  readonly #totals: { -readonly [K in keyof LogTotals]: LogTotals[K] }
  readonly #answerNumbers = new Numbering('answers')
  readonly #task = integers()
  readonly #columns = { n: floats(), c: floats(), reward: floats(), proxy: floats(), answer: integers() }

  /** @param keepsAnswers false: nobody will vote, so that long answers need no room */
  constructor(keepsAnswers: boolean) {
    this.#totals = {
      samples: 0,
      unscored: 0,
      firstUnscored: undefined,
      answered: 0,
      proxied: 0,
      keepsAnswers,
      binary: true,
      withinUnit: true,
    }
  }

  /** @throws PosttrainError `invalid-data` for a row that contradicts an earlier one */
  add(row: LogRow, file: LogFile, number: number): void {
    const totals = this.#totals
    const columns = this.#columns
    const task = this.#index.numberOf(row, file, number)
    if (row.shape === 'counts') {
      totals.samples += row.n
      columns.n.set(task, row.n)
      columns.c.set(task, row.c)
      return
    }
    totals.samples += row.samples.length
    for (const { reward, answer, proxy } of row.samples) {
      const sample = this.#task.length
      this.#task.push(task)
      if (reward === undefined) {
        totals.unscored++
        totals.firstUnscored ??= placeOf(file, number)
      } else {
        totals.binary &&= reward === 0 || reward === 1
        totals.withinUnit &&= reward >= 0 && reward <= 1
        columns.reward.set(sample, reward)
      }
      if (answer !== undefined) {
        totals.answered++
        if (totals.keepsAnswers) {
          const known = this.#answerNumbers.get(answer)
          columns.answer.set(sample, known ?? this.#answerNumbers.add(answer, placeOf(file, number)))
        }
      }
      if (proxy !== undefined) {
        totals.proxied++
        columns.proxy.set(sample, proxy)
      }
    }
  }

  /** The log of the rows that were added; none can be added after. */
  finish(): TaskLog {
    const answerKeys = [...this.#answerNumbers.names()]
    return new TaskLog(this.#index, this.#totals, { ...this.#columns, answerKeys, ...this.#byTask() })
  }

  /** A counting sort of the samples by task, which keeps the order within a task. */
  #byTask(): { readonly order: Uint32Array; readonly starts: Uint32Array } {
    const starts = new Uint32Array(this.#index.size + 1)
    for (let i = 0; i < this.#task.length; i++) starts[this.#task.at(i) + 1]!++
    for (let task = 0; task < this.#index.size; task++) starts[task + 1]! += starts[task]!
    const next = starts.slice()
    const order = new Uint32Array(this.#task.length)
    for (let i = 0; i < this.#task.length; i++) order[next[this.#task.at(i)]!++] = i
    return { order, starts }
  }
}
