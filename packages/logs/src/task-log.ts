import { NO_USAGE, type Group, type Outcome, type Sample, type UnscoredPolicy } from '@posttrain/core'
import type { Column } from './column.js'
import type { TaskFacts, TaskIndex } from './task-index.js'

/** What a log holds in all. */
export interface LogTotals {
  /** Samples, counted ones too. */
  readonly samples: number
  /** Samples without a score. */
  readonly unscored: number
  /** Source and line of the first of them. */
  readonly firstUnscored: string | undefined
  /** Rows that say again what one before has said of the same sample, which is counted once. */
  readonly repeated: number
  /** Source and line of the first of them. */
  readonly firstRepeated: string | undefined
  /** Samples with an answer. */
  readonly answered: number
  /** Samples whose answer is a text that stands for none, which is no vote. */
  readonly placeholders: number
  /** Samples with a proxy. */
  readonly proxied: number
  /** Whether answers were kept; otherwise nobody can vote. */
  readonly keepsAnswers: boolean
  /** Whether all rewards are 0 or 1. */
  readonly binary: boolean
  /** Whether all rewards lie within [0, 1]. */
  readonly withinUnit: boolean
  /** The most samples that a task was given, where drawing stopped at its first success; otherwise undefined. */
  readonly stoppedAt: number | undefined
}

/** A task of which a log holds only counts: c of n samples are correct. */
export interface CountedTask {
  readonly kind: 'counts'
  readonly id: string
  readonly n: number
  readonly c: number
}

/** What a log holds of one task. */
export type LoggedTask = CountedTask | { readonly kind: 'group'; readonly group: Group }

const VERDICTS: readonly [Outcome, Outcome] = [
  { kind: 'scored', reward: 0, answer: undefined, parts: undefined },
  { kind: 'scored', reward: 1, answer: undefined, parts: undefined },
]

/** The numbers of a log. */
export interface LogColumns {
  /** (tasks): counts; NaN where a task has samples. */
  readonly n: Column<Float64Array>
  readonly c: Column<Float64Array>
  /** (samples), in the order of the log: NaN without a score. */
  readonly reward: Column<Float64Array>
  /** (samples): NaN without a proxy. */
  readonly proxy: Column<Float64Array>
  /** (samples): index into `answerKeys`; −1 without an answer. */
  readonly answer: Column<Int32Array>
  readonly answerKeys: readonly string[]
  /**
   * (samples): samples by task, those of a task in the order of the log, so that ties may go to the answer seen
   * first.
   */
  readonly order: Uint32Array
  /** (tasks + 1): place in `order` of each task's first sample. */
  readonly starts: Uint32Array
}

/**
 * The samples of a log, by task: 12 to 24 bytes a sample, and what it takes to name each task and each distinct
 * answer.
 */
export class TaskLog {
  readonly totals: LogTotals
  readonly #index: TaskIndex
  readonly #columns: LogColumns

  /** @internal `readLog` makes logs. */
  constructor(index: TaskIndex, totals: LogTotals, columns: LogColumns) {
    this.#index = index
    this.totals = totals
    this.#columns = columns
  }

  /** Number of tasks. */
  get size(): number {
    return this.#index.size
  }

  /** Right answer of a task, as JSON, where the log has it. */
  referenceOf(id: string): string | undefined {
    return this.#index.referenceOf(id)
  }

  /** What the log says of a task beside its samples, where it was asked for. */
  factsOf(id: string): TaskFacts {
    return this.#index.factsOf(id)
  }

  /**
   * How many samples of each task enter under a policy for unscored ones; tasks in the order of first appearance. Where
   * drawing stopped at the first success, a task with one is known as if it had been given the most samples.
   */
  *sampleCounts(policy: UnscoredPolicy): Generator<readonly [id: string, n: number], void> {
    const { n, order, starts, reward } = this.#columns
    let task = 0
    for (const id of this.#index.ids()) {
      let entered = starts[task + 1]! - starts[task]!
      if (policy === 'exclude') {
        for (let i = starts[task]!; i < starts[task + 1]!; i++) if (Number.isNaN(reward.at(order[i]!))) entered--
      }
      const counted = n.at(task)
      const drawn = Number.isNaN(counted) ? entered : counted
      const { stoppedAt } = this.totals
      yield [id, stoppedAt !== undefined && this.#passes(task) ? Math.max(stoppedAt, drawn) : drawn]
      task++
    }
  }

  /**
   * The tasks in the order of first appearance, each with its samples in the order of the log.
   *
   * @param leftOut ids of tasks to pass over
   */
  *tasks(leftOut?: ReadonlySet<string>): Generator<LoggedTask, void> {
    let next = 0
    for (const id of this.#index.ids()) {
      const task = next++
      if (leftOut?.has(id)) continue
      const n = this.#columns.n.at(task)
      if (Number.isNaN(n)) yield { kind: 'group', group: this.#groupOf(id, task) }
      else yield { kind: 'counts', id, n, c: this.#columns.c.at(task) }
    }
  }

  #passes(task: number): boolean {
    const { c, order, starts, reward } = this.#columns
    if (c.at(task) > 0) return true
    return order.subarray(starts[task], starts[task + 1]).some((sample) => reward.at(sample) === 1)
  }

  #groupOf(id: string, task: number): Group {
    const { order, starts } = this.#columns
    const rows = order.subarray(starts[task], starts[task + 1])
    const samples = Array.from(rows, (_, index): Sample => {
      return { id, taskId: id, index, seed: 0, text: '', finish: 'stop', usage: NO_USAGE }
    })
    const outcomes = Array.from(rows, (row) => this.#outcomeOf(row))
    return { task: { id, prompt: '' }, samples, outcomes }
  }

  #outcomeOf(row: number): Outcome {
    const reward = this.#columns.reward.at(row)
    const proxy = this.#columns.proxy.at(row)
    const answer = this.#columns.answerKeys[this.#columns.answer.at(row)]
    const parts = Number.isNaN(proxy) ? undefined : { proxy }
    if (Number.isNaN(reward)) return { kind: 'unscored', reason: 'the log has no score', answer, parts }
    // A task may have a million verdicts, and they need not be a million objects.
    if (answer === undefined && parts === undefined && (reward === 0 || reward === 1)) return VERDICTS[reward]
    return { kind: 'scored', reward, answer, parts }
  }
}
