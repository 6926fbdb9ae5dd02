import { invalidArgument, requireEnoughSamples, requireFinite, requireInteger, requireTask } from '@posttrain/core'
import type { Task } from '@posttrain/core'
import { evaluateGroup, evaluationReport, type EvaluationReport, type ReportOptions } from './evaluation-report.js'
import { groups, type GroupsOptions } from './groups.js'
import { measuredObjectives, type Measured } from './measured.js'
import { requireParts } from './require-parts.js'
import { whatRuns } from './what-runs.js'

/** What is evaluated, and how much of it. */
export type EvaluateOptions = Omit<GroupsOptions, 'procedure' | 'allocation' | 'rules'> &
  Omit<ReportOptions, 'objectives'> &
  Measured

/**
 * Estimates what a procedure or an allocation achieves: draws samples of every task, judges them, and reports the
 * procedure's objective, other objectives of the same samples and the mean reward, with intervals over tasks.
 *
 * A procedure with an objective is not run: with more samples than it draws, each task's estimate averages over all
 * groups of them. Answers are read and choices are made as `procedure.run` does, so that what is measured is what is
 * deployed; that equality is exact where unscored samples count as failures. Under `exclude` it is among scored
 * samples.
 *
 * A procedure without an objective, or under `rules`, is run `samplesPerTask` times per task (default 1), and what is
 * reported under its name is the mean reward of what it answers, an abstention being a scored 0. Rules change how much
 * is drawn, and then an objective of k samples no longer says what is deployed. Objectives beside it are of the runs: a
 * try of pass@k is one run.
 *
 * An allocation is run so often over all tasks at once. The estimate is of this budget shared by this many tasks. These
 * are then not independent: what one takes, others lack. The intervals leave that out and are too narrow: of attempts
 * before a verifier about half as wide as they should be in the worst case measured, of votes by a few percent.
 *
 * Memory holds numbers per task, and the samples of `tasksInFlight` tasks; of an allocation all tasks.
 *
 * @returns estimates, and the numbers of each task in the order of the tasks
 * @throws PosttrainError `invalid-argument` for fewer samples than an objective needs or rules that nothing keeps,
 *   before any is drawn; `unscored` under that policy; `aborted` at the signal; as `collect` and `judge`
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sampler: Sampler = {
 *   async *sample(requests) {
 *     for (const { task, count, seed, id = task.id } of requests) {
 *       for (let index = 0; index < count; index++) {
 *         yield { id, taskId: task.id, index, seed, text: index < 3 ? 'yes' : 'no', finish: 'stop', usage }
 *       }
 *     }
 *   },
 * }
 * const reward: RewardFunction = {
 *   name: 'yes',
 *   score: async (task, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'yes' ? 1 : 0 })),
 * }
 * const tasks = ['a', 'b'].map((id) => ({ id, prompt: '?' }))
 * const report = await evaluate({ sampler, tasks, reward, procedure: majorityVote({ k: 3 }), samplesPerTask: 4 })
 * report.estimates.map(({ name, value }) => `${name} ${value}`) // => ['maj@3 1', 'mean reward 0.75']
 * ```
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { tasks, procedure, unscored, level = 0.95, seed } = options
  const run = whatRuns(options)
  const objectives = measuredObjectives(options, run?.name)
  const needed = Math.max(...objectives.map(({ k }) => k))
  const { samplesPerTask = needed } = options
  requireInteger('samplesPerTask', samplesPerTask, { min: 1 })
  if (seed !== undefined) requireInteger('seed', seed)
  for (const objective of objectives) {
    requireEnoughSamples(objective.name, objective.k, samplesPerTask)
    requireParts(objective, options.reward, run ? undefined : procedure)
  }
  requireFinite('level', level, { above: 0, below: 1 })
  if (Array.isArray(tasks) && tasks.length < 2) {
    throw invalidArgument(`an evaluation needs at least 2 tasks for an interval, but there are ${tasks.length}`)
  }

  const order = new Map<string, number>()
  const perTask = []
  for await (const group of groups({ ...options, tasks: numbered(options.tasks, order), samplesPerTask })) {
    perTask.push(evaluateGroup(group, objectives, unscored))
  }
  perTask.sort((a, b) => order.get(a.taskId)! - order.get(b.taskId)!)
  return evaluationReport(perTask, { objectives, unscored, level, seed })
}

/** The tasks, whose places are noted as they are taken. */
async function* numbered(tasks: EvaluateOptions['tasks'], order: Map<string, number>): AsyncGenerator<Task> {
  for await (const task of tasks) {
    order.set(requireTask(task).id, order.size)
    yield task
  }
}
