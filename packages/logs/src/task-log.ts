import { NO_USAGE, type Group, type Outcome, type Sample, type UnscoredPolicy } from '@posttrain/core'
import type { LogColumns } from './log-columns.js'
import type { LogTotals } from './log-totals.js'
import type { AbsentTask, LoggedTask } from './logged-task.js'
import type { TaskCost } from './task-costs.js'
import type { TaskFacts, TaskIndex } from './task-index.js'

const VERDICTS: readonly [Outcome, Outcome] = [
  { kind: 'scored', reward: 0, answer: undefined, parts: undefined },
  { kind: 'scored', reward: 1, answer: undefined, parts: undefined },
]

/**
 * The samples of a log, by task: 12 to 24 bytes a sample, and what it takes to name each task and each distinct
 * answer.
 */
export class TaskLog {
  readonly totals: LogTotals
  readonly #index: TaskIndex
  readonly #columns: LogColumns
  readonly #absent: ReadonlyMap<string, AbsentTask>
  #most: number | undefined

  /** @internal `readLog` makes logs. */
  constructor(index: TaskIndex, totals: LogTotals, columns: LogColumns, absent: readonly AbsentTask[] = []) {
    this.#index = index
    this.#columns = columns
    this.#absent = new Map(absent.map((task) => [task.id, task]))
    this.totals = { ...totals, absent: absent.length }
  }

  /** The same log with other tasks of which it has no row. */
  withAbsent(tasks: readonly AbsentTask[]): TaskLog {
    return new TaskLog(this.#index, this.totals, this.#columns, tasks)
  }

  /** Number of tasks, absent ones too. */
  get size(): number {
    return this.#index.size + this.#absent.size
  }

  /** Ids of the tasks that it has rows of, in the order of first appearance. */
  ids(): IterableIterator<string> {
    return this.#index.ids()
  }

  /** Whether there is a row of a task. */
  has(id: string): boolean {
    return this.#index.has(id)
  }

  /** Right answer of a task, as JSON, where the log has it. */
  referenceOf(id: string): string | undefined {
    return this.#index.referenceOf(id)
  }

  /** What the log says of a task beside its samples, where it was asked for. */
  factsOf(id: string): TaskFacts {
    return this.#absent.get(id) ?? this.#index.factsOf(id)
  }

  /** How many samples of each task enter, as `samplesOf` says; tasks in the order of first appearance. */
  *sampleCounts(policy: UnscoredPolicy): Generator<readonly [id: string, n: number], void> {
    let task = 0
    for (const id of this.#index.ids()) yield [id, this.#entered(task++, policy)]
    for (const id of this.#absent.keys()) yield [id, this.#mostOf(policy)]
  }

  /**
   * How many samples of a task enter under a policy for unscored ones; undefined for a task that the log neither has
   * nor expects. Where drawing stopped at the first success, a task with one is known as if it had been given the
   * most samples.
   */
  samplesOf(id: string, policy: UnscoredPolicy): number | undefined {
    const task = this.#index.find(id)
    if (task !== undefined) return this.#entered(task, policy)
    return this.#absent.has(id) ? this.#mostOf(policy) : undefined
  }

  #entered(task: number, policy: UnscoredPolicy): number {
    const { n, order, starts, reward } = this.#columns
    let entered = starts[task + 1]! - starts[task]!
    if (policy === 'exclude') {
      for (let i = starts[task]!; i < starts[task + 1]!; i++) if (Number.isNaN(reward.at(order[i]!))) entered--
    }
    const counted = n.at(task)
    const drawn = Number.isNaN(counted) ? entered : counted
    const { stoppedAt } = this.totals
    return stoppedAt !== undefined && this.#passes(task) ? Math.max(stoppedAt, drawn) : drawn
  }

  /** Samples of an absent task. */
  #mostOf(policy: UnscoredPolicy): number {
    return policy === 'exclude' ? 0 : (this.#most ??= this.#mostSamples())
  }

  #mostSamples(): number {
    const { n, starts } = this.#columns
    let most = 0
    for (let task = 0; task < this.#index.size; task++) {
      most = Math.max(most, starts[task + 1]! - starts[task]!, n.at(task) || 0)
    }
    return most
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
    if (this.#absent.size === 0) return
    const most = this.#mostOf('count-as-failure')
    const counts = this.#columns.n.length > 0
    for (const id of this.#absent.keys()) {
      if (leftOut?.has(id)) continue
      if (counts) yield { kind: 'counts', id, n: most, c: 0 }
      else yield { kind: 'group', group: groupOf(id, new Array<Outcome>(most).fill(this.#absentOutcome())) }
    }
  }

  /** Where others have a proxy, a sample that is not there is as good to choose as any of its task: all are absent. */
  #absentOutcome(): Outcome {
    const parts = this.totals.proxied > 0 ? { proxy: 0 } : undefined
    return { kind: 'unscored', reason: 'the log has no row of the task', answer: undefined, parts }
  }

  /** The fields that what samples cost was read from. */
  get costFields(): readonly string[] {
    return this.#columns.costs.fields
  }

  /** What the samples of each task cost, in one of these fields. @internal `evaluateLog` sums it up. */
  *costs(field: string): Generator<readonly [id: string, cost: TaskCost], void> {
    const { costs } = this.#columns
    let task = 0
    for (const id of this.#index.ids()) yield [id, costs.of(costs.fields.indexOf(field), task++)]
  }

  /**
   * What each sample cost in one of `costFields`, in the order of the samples of `groupsOf`; NaN where it is not known.
   *
   * @throws PosttrainError `invalid-argument` for another field, or a log that was read without `keepCosts`
   */
  *sampleCosts(field: string): Generator<readonly [id: string, costs: Float64Array], void> {
    const { costs, order, starts } = this.#columns
    let task = 0
    for (const id of this.#index.ids()) {
      const samples = order.subarray(starts[task], starts[task + 1])
      yield [id, Float64Array.from(samples, (sample) => costs.ofSample(field, sample))]
      task++
    }
  }

  #passes(task: number): boolean {
    const { c, order, starts, reward } = this.#columns
    if (c.at(task) > 0) return true
    return order.subarray(starts[task], starts[task + 1]).some((sample) => reward.at(sample) === 1)
  }

  /** The distinct answers, where they were kept. */
  get answerKeys(): readonly string[] {
    return this.#columns.answerKeys
  }

  /** Of each task that has samples, which of `answerKeys` these gave, in their order. */
  *answersByTask(): Generator<readonly number[], void> {
    const { order, starts, answer } = this.#columns
    for (let task = 0; task < this.#index.size; task++) {
      const given = Array.from(order.subarray(starts[task], starts[task + 1]), (sample) => answer.at(sample))
      yield given.filter((key) => key >= 0)
    }
  }

  #groupOf(id: string, task: number): Group {
    const { order, starts } = this.#columns
    const rows = order.subarray(starts[task], starts[task + 1])
    return groupOf(
      id,
      Array.from(rows, (row) => this.#outcomeOf(row)),
    )
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

function groupOf(id: string, outcomes: readonly Outcome[]): Group {
  const samples = outcomes.map((_, index): Sample => {
    return { id, taskId: id, index, seed: 0, text: '', finish: 'stop', usage: NO_USAGE }
  })
  return { task: { id, prompt: '' }, samples, outcomes }
}
