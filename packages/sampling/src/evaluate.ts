import { invalidArgument, requireEnoughSamples, requireFinite, requireInteger, requireTask } from '@posttrain/core'
import type { BudgetRules, Objective, Procedure, Task } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { evaluateGroup, evaluationReport, type EvaluationReport, type ReportOptions } from './evaluation-report.js'
import { groups, type GroupsOptions } from './groups.js'
import { whatRuns } from './internal/what-runs.js'
import { requireParts } from './require-parts.js'

/** What is measured: a procedure, objectives, or both on the same samples. */
export type Measured =
  | {
      readonly procedure: Procedure
      /** Kept by every run: with rules, even none, a procedure is run. */
      readonly rules?: BudgetRules | undefined
      readonly objectives?: readonly Objective[] | undefined
    }
  | {
      readonly procedure?: undefined
      readonly rules?: undefined
      readonly objectives: readonly Objective[]
    }

/** What is evaluated, and how much of it. */
export type EvaluateOptions = Omit<GroupsOptions, 'procedure' | 'rules'> & Omit<ReportOptions, 'objectives'> & Measured

/**
 * Estimates what a procedure achieves: draws samples of every task, judges them, and reports the procedure's objective,
 * other objectives of the same samples and the mean reward, with intervals over tasks.
 *
 * A procedure with an objective is not run: with more samples than it draws, each task's estimate averages over all
 * groups of them. Answers are read and choices are made as `procedure.run` does, so that what is measured is what is
 * deployed; that equality is exact where unscored samples count as failures. Under `exclude` it is among scored
 * samples.
 *
 * A procedure without an objective, or under `rules`, is run `samplesPerTask` times per task (default 1), and what is
 * reported under its name is the mean reward of what it answers, an abstention being a scored 0. Rules change how much
 * is drawn, and then an objective of k samples says no more what is deployed. Objectives beside it are of the runs: of
 * pass@k a try is one run.
 *
 * Memory holds numbers per task, and the samples of `tasksInFlight` tasks.
 *
 * @returns estimates, and the numbers of each task in the order of the tasks
 * @throws PosttrainError `invalid-argument` for fewer samples than an objective needs or rules of no procedure, before
 *   any is drawn; `unscored` under that policy; `aborted` at the signal; as `collect` and `judge`
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
  const objectives = measuredObjectives(options, run)
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

/** The procedure's objective first; of what is run the mean of what it answers. */
function measuredObjectives(
  { procedure, objectives = [] }: EvaluateOptions,
  run: Procedure | undefined,
): readonly Objective[] {
  if (run) return [{ ...meanObjective(), name: run.name }, ...objectives]
  if (procedure?.objective) return [procedure.objective, ...objectives]
  if (objectives.length > 0) return objectives
  throw invalidArgument('neither procedure nor objectives are given', 'say what is measured')
}
