import { floats, integers } from './column.js'
import type { LogRow } from './parse-row.js'
import { TaskIndex } from './task-index.js'

/** What a log holds of one task: only counts, or its samples in the order of the log. */
export type LoggedTask = { readonly id: string } & (
  | { readonly shape: 'counts'; readonly n: number; readonly c: number }
  | {
      readonly shape: 'samples'
      /** NaN: unscored. */
      readonly rewards: Float64Array
      /** A number per distinct answer; −1: none. */
      readonly answers: Int32Array
      /** NaN: none. */
      readonly proxies: Float64Array
    }
)

/** The samples of a log, by task: 24 bytes a sample, and what it takes to name each task and each distinct answer. */
export class TaskLog {
  readonly index: TaskIndex = new TaskIndex()
  /** Samples in all, counted ones too. */
  samples = 0
  /** Samples without a score, and where the first of them is. */
  unscored = 0
  firstUnscored: string | undefined
  /** Samples with an answer, and with a proxy. */
  answered = 0
  proxied = 0
  /** All rewards are 0 or 1; all lie within [0, 1]. */
  binary = true
  withinUnit = true

  readonly #keepAnswers: boolean
  readonly #answerNumbers = new Map<string, number>()
  /** One entry per task: its counts, NaN where it has samples. */
  readonly #n = floats()
  readonly #c = floats()
  /** One entry per sample. */
  readonly #task = integers()
  readonly #reward = floats()
  readonly #answer = integers()
  readonly #proxy = floats()

  /** @param keepAnswers false: nobody will vote, so that long answers need no room */
  constructor(keepAnswers: boolean) {
    this.#keepAnswers = keepAnswers
  }

  /** @throws PosttrainError `invalid-data` for a row that contradicts an earlier one */
  add(row: LogRow, file: string, line: number): void {
    const task = this.index.numberOf(row, file, line)
    if (task === this.#n.length) {
      this.#n.push(row.shape === 'counts' ? row.n : NaN)
      this.#c.push(row.shape === 'counts' ? row.c : NaN)
    }
    if (row.shape === 'counts') {
      this.samples += row.n
      return
    }
    this.samples += row.samples.length
    for (const { reward, answer, proxy } of row.samples) {
      if (reward === undefined) {
        this.unscored++
        this.firstUnscored ??= `${file}, line ${line}`
      } else {
        this.binary &&= reward === 0 || reward === 1
        this.withinUnit &&= reward >= 0 && reward <= 1
      }
      if (answer !== undefined) this.answered++
      if (proxy !== undefined) this.proxied++
      this.#task.push(task)
      this.#reward.push(reward ?? NaN)
      this.#answer.push(answer === undefined || !this.#keepAnswers ? -1 : this.#numberOfAnswer(answer))
      this.#proxy.push(proxy ?? NaN)
    }
  }

  /** The tasks in the order in which they were first seen. */
  *tasks(): Generator<LoggedTask, void> {
    const { order, starts } = this.#byTask()
    let task = 0
    for (const id of this.index.ids()) {
      const n = this.#n.at(task)
      if (!Number.isNaN(n)) {
        yield { id, shape: 'counts', n, c: this.#c.at(task) }
      } else {
        const rows = order.subarray(starts[task], starts[task + 1])
        yield {
          id,
          shape: 'samples',
          rewards: this.#reward.gather(rows),
          answers: this.#answer.gather(rows),
          proxies: this.#proxy.gather(rows),
        }
      }
      task++
    }
  }

  /** A counting sort of the samples by task, which keeps the order within a task: ties may go to the answer seen first. */
  #byTask(): { readonly order: Uint32Array; readonly starts: Uint32Array } {
    const starts = new Uint32Array(this.index.size + 1)
    for (let i = 0; i < this.#task.length; i++) starts[this.#task.at(i) + 1]!++
    for (let task = 0; task < this.index.size; task++) starts[task + 1]! += starts[task]!
    const next = starts.slice()
    const order = new Uint32Array(this.#task.length)
    for (let i = 0; i < this.#task.length; i++) order[next[this.#task.at(i)]!++] = i
    return { order, starts }
  }

  #numberOfAnswer(answer: string): number {
    let number = this.#answerNumbers.get(answer)
    if (number === undefined) {
      number = this.#answerNumbers.size
      this.#answerNumbers.set(answer, number)
    }
    return number
  }
}
